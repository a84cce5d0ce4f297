import type { VolumeTask, VolumeTotals } from './volume-task.ts';

export interface RestoreTask extends VolumeTask {
  /** Gives up with `Stalled` when no new pack appears for so long. Milliseconds. */
  stallTimeoutMs: number;
}
export type RestoreResult = VolumeTotals;

/**
 * Restores a volume from its archive, following a copy that may still be writing (or not have started). Called again after any
 * interruption it lays everything once more over what is there and ends with the same tree.
 * @throws GodwitError with a reason of MOVER_EXITS (`ArchiveDamaged`, `WriteFailed`, `NoSpace`, `Stalled`, ...), or the signal's reason.
 */
export async function restoreVolume(_task: RestoreTask): Promise<RestoreResult> {
  throw new Error('not written yet');
}
