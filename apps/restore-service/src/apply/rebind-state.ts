import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { REBINDING_ANNOTATION, RUN_LABEL, VOLUME_LABEL } from '@godwit/contracts/labels';
import type { VolumeSource } from '@godwit/contracts/volume-source';

export interface Claim extends KubernetesObject {
  spec: { volumeName?: string; storageClassName?: string };
  status?: { phase?: string };
}

export interface Volume extends KubernetesObject {
  spec: { claimRef?: { namespace?: string; name?: string; uid?: string }; storageClassName?: string };
}

/** Where a claim stands that is to take over a filled volume. */
export type TargetState = 'absent' | 'foreign' | 'being-deleted' | 'waiting' | 'bound';

export function targetState(claim: Claim | undefined, runId: string): TargetState {
  if (!claim) return 'absent';
  // Whose it was does not matter then (rule 18).
  if (claim.metadata.deletionTimestamp) return 'being-deleted';
  if (claim.metadata.labels?.[RUN_LABEL] !== runId) return 'foreign';
  return claim.status?.phase === 'Bound' ? 'bound' : 'waiting';
}

/**
 * Takes hold of a volume before its first claim goes: from here on nothing deletes it with a claim, and it is found by its
 * labels, whatever happens to us.
 */
export function holdPatch(runId: string, volumeId: string): object {
  return {
    metadata: { labels: { [RUN_LABEL]: runId, [VOLUME_LABEL]: volumeId }, annotations: { [REBINDING_ANNOTATION]: 'true' } },
    spec: { persistentVolumeReclaimPolicy: 'Retain' },
  };
}

/** Reserves a volume for a claim that is not there yet. */
export function reservePatch(namespace: string, name: string): object {
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid: null, resourceVersion: null };
  return { spec: { claimRef } };
}

/**
 * Makes a volume the user's: labels and reclaim policy as on the source (rule 14), no trace of the handing over. Nor the run's
 * label, by which a rollback would take the volume itself for something that the run created: it goes or stays with its claim.
 */
export function releasePatch({ pvLabels, pvReclaimPolicy }: Pick<VolumeSource, 'pvLabels' | 'pvReclaimPolicy'>): object {
  const labels = Object.fromEntries(Object.entries(pvLabels).filter(([key]) => !isOfItsPlace(key)));
  return {
    metadata: { labels: { ...labels, [RUN_LABEL]: null, [VOLUME_LABEL]: null }, annotations: { [REBINDING_ANNOTATION]: null } },
    spec: { persistentVolumeReclaimPolicy: pvReclaimPolicy },
  };
}

/** Labels that say where a volume lies (rule 17), or to which run it belonged: neither is true of the new one. */
function isOfItsPlace(key: string): boolean {
  const domain = key.slice(0, Math.max(0, key.indexOf('/')));
  return domain.startsWith('topology.') || domain === 'failure-domain.beta.kubernetes.io' || domain === 'godwit.io';
}
