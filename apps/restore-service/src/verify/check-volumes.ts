import type { Finding } from '@godwit/contracts/findings';
import type { RunVolume } from '@godwit/db/volume-store';

/** Compares what was read on the source with what was written on the destination, for every volume that was to be moved. */
export function checkVolumes(volumes: readonly RunVolume[]): { moved: number; problems: Finding[] } {
  const moved = volumes.filter(({ skipReason }) => !skipReason);
  return { moved: moved.length, problems: moved.flatMap(checkVolume) };
}

function checkVolume({ targetNamespace, name, copy, restore }: RunVolume): Finding[] {
  const problem = (reason: string, message: string): Finding[] => [
    { severity: 'error', reason, object: `PersistentVolumeClaim ${targetNamespace}/${name}`, message },
  ];
  if (!copy?.digest) return problem('VolumeNotCopied', 'its data was not copied to the end');
  if (!restore?.digest) return problem('VolumeNotRestored', 'its data was not restored to the end');
  if (copy.digest !== restore.digest) {
    return problem('VolumeDiffers', 'the restored data is not what was read on the source: the digests differ');
  }
  return [];
}
