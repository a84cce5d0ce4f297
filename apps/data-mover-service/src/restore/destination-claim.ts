import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { stagedLabels, temporaryLabels } from '@godwit/contracts/run-labels';
import type { VolumeSource } from '@godwit/contracts/volume-source';

export function destinationClaimName(volumeId: string): string {
  return `godwit-restore-${volumeId}`;
}

/**
 * The claim that the mover fills; its volume is bound to the user's claim later. It asks for all that the user's claim asks
 * for, so that the volume will serve that one too.
 */
export function buildDestinationClaim(runId: string, volume: { id: string; source: VolumeSource }): KubernetesObject {
  return claimOf(destinationClaimName(volume.id), temporaryLabels(runId, 'restore-volume', volume.id), volume.source);
}

/** As {@link buildDestinationClaim}, of a volume that outlives the run: the next one goes on with it. */
export function buildStagedClaim(migrationId: string, claimName: string, source: VolumeSource): KubernetesObject {
  return claimOf(claimName, stagedLabels(migrationId), source);
}

function claimOf(name: string, labels: Record<string, string>, source: VolumeSource): KubernetesObject {
  const { accessModes, volumeMode, requestedStorage, targetStorageClassName } = source;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: GODWIT_NAMESPACE, labels },
    spec: {
      accessModes,
      volumeMode,
      storageClassName: targetStorageClassName,
      resources: { requests: { storage: requestedStorage } },
    },
  };
}
