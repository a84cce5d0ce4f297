import { isObjectExists, otherWriter } from './archive-errors.ts';
import { closingKey } from './archive-keys.ts';
import { Breath } from './breath.ts';
import { type ClosingTotals, readClosing, sealClosing } from './closing-object.ts';
import { countTree } from './count-tree.ts';
import { PackUploader } from './pack-uploader.ts';
import { PackWriter } from './pack-writer.ts';
import { showPath } from './path-bytes.ts';
import { readImage } from './read-image.ts';
import { readTree } from './read-tree.ts';
import type { Reading } from './reading.ts';
import { findCopyStart } from './resume-copy.ts';
import { Throttle } from './throttle.ts';
import type { VolumeTask, VolumeTotals } from './volume-task.ts';

export type CopyTask = VolumeTask;
export type CopyResult = VolumeTotals;

/**
 * Copies a volume into its archive. Called again after any interruption it goes on behind the last pack that is there; called
 * again when the archive is closed it returns what the closing object says.
 * @throws GodwitError with a reason of MOVER_EXITS (`ReadFailed`, `StoreUnreachable`, `OtherWriter`, ...), or the signal's reason.
 */
export async function copyVolume(task: CopyTask): Promise<CopyResult> {
  const closed = await readClosing(task.store, task, task.signal);
  if (closed) return resultOf(closed, 0);
  // What runs beside the copy (uploads, counting) ends with it, however it ends.
  const own = new AbortController();
  const signal = task.signal ? AbortSignal.any([task.signal, own.signal]) : own.signal;
  try {
    return await copy(task, signal);
  } catch (error) {
    task.signal?.throwIfAborted();
    throw error;
  } finally {
    own.abort();
  }
}

async function copy(task: CopyTask, signal: AbortSignal): Promise<CopyResult> {
  const start = await findCopyStart(task.store, task, signal);
  let storedBytes = 0;
  let holes = 0;
  let estimate: { bytes: number; files: number } | undefined;
  const tell = () => {
    const { bytes, files } = writer.counts;
    const totals = estimate && {
      bytesTotal: Math.max(estimate.bytes, bytes + holes),
      filesTotal: Math.max(estimate.files, files),
    };
    task.onProgress?.({ bytesDone: bytes + holes, filesDone: files, storedBytes, ...totals });
  };
  const uploader = new PackUploader(start, {
    store: task.store,
    identity: task,
    throttle: new Throttle(task.maxBytesPerSecond),
    signal,
    onStored: (bytes) => {
      storedBytes += bytes;
      tell();
    },
  });
  const writer = new PackWriter(uploader, start.counts);
  const reading: Reading = {
    writer,
    breath: new Breath(signal),
    position: start.position,
    warn: (reason, path, message) => {
      writer.counts.warnings += 1;
      task.onWarning?.({ reason, path: showPath(path), message });
    },
    onHole: (bytes) => {
      holes += bytes;
      tell();
    },
  };
  try {
    if (task.mode === 'Block') await readImage(task.root, reading);
    else {
      countTree(task.root, new Breath(signal)).then(
        (counted) => {
          estimate = counted;
          tell();
        },
        () => undefined, // no estimate then; what is wrong with the volume is told by its reading
      );
      await readTree(task.root, reading);
    }
    await uploader.finish();
  } finally {
    await uploader.settle();
  }
  const digest = uploader.chain.toString('hex');
  const totals: ClosingTotals = { packs: uploader.packs, ...writer.counts, digest };
  const closing = await sealClosing(task, totals, start.startedAt);
  await putClosing(task, closing, totals, signal);
  return resultOf(totals, storedBytes + closing.length);
}

/** One that is there already is ours, of a request that was sent twice, or tells the same; else somebody else writes here. */
async function putClosing(task: CopyTask, closing: Buffer, { digest }: ClosingTotals, signal: AbortSignal): Promise<void> {
  try {
    await task.store.put(closingKey(task.prefix), closing, { ifAbsent: true, signal });
  } catch (error) {
    if (!isObjectExists(error)) throw error;
    if ((await readClosing(task.store, task, signal))?.digest !== digest) {
      throw otherWriter("Another mover closed this volume's archive meanwhile, with other content");
    }
  }
}

function resultOf({ packs, files, bytes, warnings, digest }: ClosingTotals, storedBytes: number): CopyResult {
  return { bytes, files, packs, storedBytes, warnings, digest };
}
