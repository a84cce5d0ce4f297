import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE, MIGRATION_LABEL, REBINDING_ANNOTATION, RUN_LABEL, VOLUME_LABEL } from '@godwit/contracts/labels';
import { type BoundVolume, mayBeDeleted } from './temporary-volume.ts';

/** Who has a volume that a run was handing over when it ended: the user's claim, the staged one that it came from, or neither. */
export type VolumeHolder = 'user' | 'staged' | 'nobody';

/** @param claim that the volume refers to, if it is there */
export function holderOf({ metadata, spec }: BoundVolume, claim: KubernetesObject | undefined): VolumeHolder {
  if (!claim || !spec.claimRef) return 'nobody';
  if (spec.claimRef.namespace !== GODWIT_NAMESPACE) {
    return (claim.spec as { volumeName?: string } | undefined)?.volumeName === metadata.name ? 'user' : 'nobody';
  }
  const { uid, labels, deletionTimestamp } = claim.metadata;
  return labels?.[MIGRATION_LABEL] !== undefined && uid === spec.claimRef.uid && !deletionTimestamp ? 'staged' : 'nobody';
}

/** Lets a volume be the staged claim's again, as before it was held: no trace of the run, whose cleanup would wait until it is gone. */
export function stagedAgainPatch(volume: BoundVolume): object {
  return {
    metadata: { labels: { [RUN_LABEL]: null, [VOLUME_LABEL]: null }, annotations: { [REBINDING_ANNOTATION]: null } },
    ...(mayBeDeleted(volume) ? { spec: { persistentVolumeReclaimPolicy: 'Delete' } } : {}),
  };
}
