import type { ClosingTotals } from './closing-object.ts';
import { followPacks } from './follow-packs.ts';
import { asked, nativeCore } from './native.ts';
import { openStreams } from './open-streams.ts';
import { withOwnSignal } from './own-signal.ts';
import type { VolumeTask, VolumeTotals } from './volume-task.ts';
import { watchProgress } from './watch-progress.ts';

export interface RestoreTask extends VolumeTask {
  /** Gives up with `Stalled` when no new pack appears for so long. Milliseconds. */
  stallTimeoutMs: number;
  /** Hex digest of the archive whose state the volume has; none: nothing is known of what it holds. */
  holds?: string;
}
export type RestoreResult = VolumeTotals;

/**
 * Restores a volume from its archive, following a copy that may still be writing (or not have started). Called again after any
 * interruption it lays everything once more over what is there and ends with the same tree.
 * @throws GodwitError with a reason of MOVER_EXITS (`ArchiveDamaged`, `WriteFailed`, `NoSpace`, `Stalled`, ...), or the signal's reason.
 */
export async function restoreVolume(task: RestoreTask): Promise<RestoreResult> {
  return withOwnSignal(task.signal, (signal) => restore(task, signal));
}

async function restore(task: RestoreTask, signal: AbortSignal): Promise<RestoreResult> {
  const { store, stallTimeoutMs, holds } = task;
  const writer = await asked(
    () =>
      new (nativeCore().NativeWriter)({
        root: Buffer.from(task.root),
        isImage: task.mode === 'Block',
        ...(holds ? { holds: Buffer.from(holds, 'hex') } : {}),
      }),
  );
  const stop = () => writer.stop();
  signal.addEventListener('abort', stop, { once: true });
  let storedBytes = 0;
  let closing: ClosingTotals | undefined;
  const totals = () => closing && { bytesTotal: closing.bytes, filesTotal: closing.files };
  const progress = watchProgress(task, writer, { storedBytes: () => storedBytes, totals });
  const onClosing = (known: ClosingTotals) => {
    closing = known;
  };
  try {
    const packs = followPacks({ store, identity: task, streams: openStreams(task), stallTimeoutMs, signal, onClosing });
    for (;;) {
      const step = await packs.next();
      if (step.done) {
        const { packs: count, digest, base } = step.value;
        await asked(() => writer.finish(step.value));
        const { files, bytes } = writer.counts();
        const { warnings } = writer.figures();
        return { bytes, files, packs: count, storedBytes, warnings, digest, ...(base ? { base } : {}) };
      }
      await asked(() => writer.apply(step.value.plain));
      storedBytes += step.value.storedBytes;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    progress.end();
  }
}
