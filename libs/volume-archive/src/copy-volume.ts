import type { VolumeTask, VolumeTotals } from './volume-task.ts';

export type CopyTask = VolumeTask;
export type CopyResult = VolumeTotals;

/**
 * Copies a volume into its archive. Called again after any interruption it goes on behind the last pack that is there; called
 * again when the archive is closed it returns what the closing object says.
 * @throws GodwitError with a reason of MOVER_EXITS (`ReadFailed`, `StoreUnreachable`, `OtherWriter`, ...), or the signal's reason.
 */
export async function copyVolume(_task: CopyTask): Promise<CopyResult> {
  throw new Error('not written yet');
}
