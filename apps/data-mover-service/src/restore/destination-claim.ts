import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { temporaryLabels } from '@godwit/contracts/run-labels';
import type { VolumeSource } from '@godwit/contracts/volume-source';

export function destinationClaimName(volumeId: string): string {
  return `godwit-restore-${volumeId}`;
}

/**
 * The claim that the mover fills; its volume is bound to the user's claim later. It asks for all that the user's claim asks
 * for, so that the volume will serve that one too.
 */
export function buildDestinationClaim(runId: string, volume: { id: string; source: VolumeSource }): KubernetesObject {
  const { accessModes, volumeMode, requestedStorage, targetStorageClassName } = volume.source;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: destinationClaimName(volume.id),
      namespace: GODWIT_NAMESPACE,
      labels: temporaryLabels(runId, 'restore-volume', volume.id),
    },
    spec: {
      accessModes,
      volumeMode,
      storageClassName: targetStorageClassName,
      resources: { requests: { storage: requestedStorage } },
    },
  };
}
