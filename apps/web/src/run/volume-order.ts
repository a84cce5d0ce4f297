import type { VolumeView } from '@godwit/contracts/api';

/** @returns the volumes as one wants to see them: those that move, those to come, those that are done, those that stay */
export function orderVolumes(volumes: readonly VolumeView[]): readonly VolumeView[] {
  return volumes.toSorted((a, b) => rank(a) - rank(b) || a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name));
}

function rank({ copy, restore, skipReason }: VolumeView): number {
  if (skipReason !== undefined) return 3;
  if (restore?.finishedAt !== undefined) return 2;
  return copy || restore ? 0 : 1;
}
