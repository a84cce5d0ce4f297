import type { ArchiveStorage } from '@godwit/contracts/archive-storage';
import type { VolumeStaging } from '@godwit/contracts/volume-staging';
import type { StagedVolume } from '@godwit/db/staged-volume-store';
import type { PlannedVolume } from './plan-volumes.ts';
import { bytesOf } from './quantity.ts';

/** Where a run of a staged migration goes from and to. */
export interface StagingPlace {
  sourceClusterId: string;
  destinationClusterId: string;
  storage: ArchiveStorage;
  /** The claims with staged volumes that the destination still has: name -> uid. */
  claims: ReadonlyMap<string, string>;
  /** A name for a claim, never twice the same. */
  newName(): string;
}

/** @returns what of earlier stages is gone on from, and why not, where something is not */
export function planStaging(
  volume: Pick<PlannedVolume, 'source'>,
  earlier: StagedVolume | undefined,
  place: StagingPlace,
): { staging: VolumeStaging; whyAnew?: string } {
  if (!earlier) return { staging: { claimName: place.newName() } };
  const { archive, claimName, digest } = earlier;
  const last = archive ? { last: archive } : {};
  const unfit = whyUnfit(volume, earlier, place);
  if (unfit) {
    const replaces = { clusterId: earlier.destClusterId, claimName };
    return { staging: { claimName: place.newName(), ...last, replaces }, whyAnew: `its volume is made anew: ${unfit}` };
  }
  const unknown = whyAllIsCopied(volume, earlier, place);
  if (unknown || !digest) return { staging: { claimName, ...last }, whyAnew: `all of it is copied: ${unknown}` };
  return { staging: { claimName, ...last, base: digest } };
}

/** Why the volume on the destination cannot be the one that the user's claim takes over. */
function whyUnfit({ source }: Pick<PlannedVolume, 'source'>, earlier: StagedVolume, place: StagingPlace): string | undefined {
  const { storageClassName, volumeMode, accessModes, requestedStorage, claimName, claimUid } = earlier;
  if (earlier.destClusterId !== place.destinationClusterId) return 'the migration goes to another cluster now';
  if (storageClassName !== source.targetStorageClassName) {
    return `it is of the storage class "${storageClassName}", and is to be of "${source.targetStorageClassName}" now`;
  }
  if (volumeMode !== source.volumeMode || accessModes.toSorted().join() !== source.accessModes.toSorted().join()) {
    return 'the claim has another volume mode or other access modes now';
  }
  if (bytesOf(requestedStorage) < bytesOf(source.requestedStorage)) {
    return `it has ${requestedStorage}, and the claim has grown to ${source.requestedStorage}`;
  }
  if (claimUid !== undefined && place.claims.get(claimName) !== claimUid) {
    return 'the one that earlier stages have filled is not there any more';
  }
  return undefined;
}

/** Why the volume's content cannot be brought up to date by what changed. */
function whyAllIsCopied(
  { source }: Pick<PlannedVolume, 'source'>,
  { digest, archive, claimUid, ...earlier }: StagedVolume,
  place: StagingPlace,
): string | undefined {
  if (!digest || !archive || !claimUid)
    return 'an earlier stage did not come to its end, so that nobody knows what the volume holds';
  if (earlier.sourceClusterId !== place.sourceClusterId || earlier.sourceClaimUid !== source.claimUid) {
    return 'the claim on the source is another one than before';
  }
  if (JSON.stringify(archive.storage) !== JSON.stringify(place.storage))
    return 'the archive of the last stage lies in another store';
  return undefined;
}
