import { archiveDamaged, writeFailed } from './archive-errors.ts';
import { Breath } from './breath.ts';
import type { ClosingTotals } from './closing-object.ts';
import { followPacks } from './follow-packs.ts';
import { ImageWriter } from './image-writer.ts';
import { showPath } from './path-bytes.ts';
import { type EndRecord, type EntryRecord, readRecords } from './record.ts';
import { releaseMemory } from './release-memory.ts';
import { Throttle } from './throttle.ts';
import { TreeWriter } from './tree-writer.ts';
import type { VolumeTask, VolumeTotals } from './volume-task.ts';
import type { RecordSink, Warn } from './writing.ts';

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
export async function restoreVolume(task: RestoreTask): Promise<RestoreResult> {
  const own = new AbortController();
  const signal = task.signal ? AbortSignal.any([task.signal, own.signal]) : own.signal;
  const restore = new Restore(task);
  try {
    return await restore.run(signal);
  } catch (error) {
    task.signal?.throwIfAborted();
    throw error;
  } finally {
    own.abort(); // ends the packs that are fetched ahead
    restore.dispose();
  }
}

class Restore {
  readonly #task: RestoreTask;
  readonly #sink: RecordSink;
  readonly #counts = { entries: 0, files: 0, bytes: 0 };
  #storedBytes = 0;
  #warnings = 0;
  #closing: ClosingTotals | undefined;

  constructor(task: RestoreTask) {
    this.#task = task;
    const warn: Warn = (reason, path, message) => {
      this.#warnings += 1;
      task.onWarning?.({ reason, path: showPath(path), message });
    };
    this.#sink = orWriteFailed('/', () => (task.mode === 'Block' ? new ImageWriter(task.root) : new TreeWriter(task.root, warn)));
  }

  async run(signal: AbortSignal): Promise<RestoreResult> {
    const { store, maxBytesPerSecond, stallTimeoutMs } = this.#task;
    const breath = new Breath(signal);
    const packs = followPacks({
      store,
      identity: this.#task,
      throttle: new Throttle(maxBytesPerSecond),
      stallTimeoutMs,
      signal,
      onClosing: (totals) => {
        this.#closing = totals;
        this.#tell();
      },
    });
    for (;;) {
      const step = await packs.next();
      if (step.done) return this.#finish(step.value);
      const what = `Pack ${step.value.number} of the archive`;
      for (const record of readRecords(step.value.plain, what)) {
        await breath.take();
        if (record.type === 'entry') this.#apply(record);
        else this.#compare(record, what);
      }
      releaseMemory(step.value.plain);
      this.#storedBytes += step.value.storedBytes;
      this.#tell();
    }
  }

  dispose(): void {
    this.#sink.dispose();
  }

  #apply(record: EntryRecord): void {
    orWriteFailed(showPath(record.path), () => this.#sink.apply(record));
    if (record.kind === 'file' || record.kind === 'image') this.#counts.bytes += record.data.length;
    if (!record.last) return;
    this.#counts.entries += 1;
    if (record.kind !== 'directory') this.#counts.files += 1;
  }

  #finish(closing: ClosingTotals): RestoreResult {
    orWriteFailed('/', () => this.#sink.finish());
    this.#compare(closing, 'The closing object of the archive');
    const { files, bytes } = this.#counts;
    const { packs, digest } = closing;
    return { bytes, files, packs, storedBytes: this.#storedBytes, warnings: this.#warnings, digest };
  }

  /** What the copy counted must be what was laid. */
  #compare(told: Pick<EndRecord, 'entries' | 'files' | 'bytes'>, what: string): void {
    const { entries, files, bytes } = this.#counts;
    if (told.entries !== entries || told.files !== files || told.bytes !== bytes) {
      throw archiveDamaged(
        `${what} tells of ${told.entries} entries and ${told.bytes} bytes; there were ${entries} and ${bytes}`,
      );
    }
  }

  #tell(): void {
    const totals = this.#closing && { bytesTotal: this.#closing.bytes, filesTotal: this.#closing.files };
    this.#task.onProgress?.({
      bytesDone: this.#counts.bytes,
      filesDone: this.#counts.files,
      storedBytes: this.#storedBytes,
      ...totals,
    });
  }
}

function orWriteFailed<T>(what: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw writeFailed(what, error);
  }
}
