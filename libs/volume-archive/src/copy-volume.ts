import { baseMissing, isObjectExists, otherWriter, SourceMoved } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { closingKey } from './archive-keys.ts';
import { type BaseArchive, findBase } from './base-archive.ts';
import { baseMark, type ClosingTotals, readClosing, sealClosing } from './closing-object.ts';
import { asked, type NativeReader, nativeCore } from './native.ts';
import { PACK_SIZE } from './open-pack.ts';
import { openStreams } from './open-streams.ts';
import { withOwnSignal } from './own-signal.ts';
import { PackUploader } from './pack-uploader.ts';
import { type CopyStart, discardPacks, findCopyStart } from './resume-copy.ts';
import { digestKey, indexKey } from './seal.ts';
import type { VolumeTask, VolumeTotals } from './volume-task.ts';
import { watchProgress } from './watch-progress.ts';

export interface CopyTask extends VolumeTask {
  /** Keep an index, so that a later copy can send only what changed since. */
  index?: boolean;
  /** Send only what changed since this archive was made; one that is missing or damaged is told, and all is sent. */
  base?: ArchiveIdentity;
}
export type CopyResult = VolumeTotals;

/** With more streams than this packs are smaller, so that each stream has one within the same memory. */
const STREAMS_OF_LARGE_PACKS = 4;

/**
 * Copies a volume into its archive. Called again after any interruption it goes on behind the last pack that is there; called
 * again when the archive is closed it returns what the closing object says. When the volume changed meanwhile so that going on would
 * leave something out, it starts over.
 * @throws GodwitError with a reason of MOVER_EXITS (`ReadFailed`, `StoreUnreachable`, `OtherWriter`, ...), or the signal's reason.
 */
export async function copyVolume(task: CopyTask): Promise<CopyResult> {
  const closed = await readClosing(task.store, task, task.signal);
  if (closed) return resultOf(closed, 0);
  return withOwnSignal(task.signal, async (signal) => {
    try {
      return await copy(task, signal);
    } catch (error) {
      if (!(error instanceof SourceMoved)) throw error;
      const message = `is copied from the beginning again, and what was told of it before counts no more: ${error.message}`;
      task.onWarning?.({ reason: 'StartedOver', path: '/', message });
      await discardPacks(task.store, task, signal);
      return await copy(task, signal);
    }
  });
}

async function copy(task: CopyTask, signal: AbortSignal): Promise<CopyResult> {
  const start = await findCopyStart(task.store, task, signal);
  const base = await chooseBase(task, start, signal);
  const keepIndex = task.index ?? base !== undefined;
  const ownIndexKey = base?.indexKey ?? indexKey(task.key, task.volumeId);
  const streams = openStreams(task);
  let storedBytes = 0;
  const packSize = (task.streams?.value ?? 1) > STREAMS_OF_LARGE_PACKS ? PACK_SIZE / 2 : PACK_SIZE;
  const io = { store: task.store, identity: task, streams, packSize, base: baseMark(base?.digest), signal };
  let { counts } = start;
  const uploader = new PackUploader(start, io, (bytes) => {
    storedBytes += bytes;
  });
  const reader = await asked(() => openReader(task, start, base, { packSize, keepIndex, indexKey: ownIndexKey }));
  start.last?.release();
  const stop = () => reader.stop();
  signal.addEventListener('abort', stop, { once: true });
  const progress = watchProgress(task, reader, { storedBytes: () => storedBytes, sent: () => uploader.sent() });
  const feeding = base ? feedBase(reader, base, signal) : undefined;
  feeding?.catch(() => undefined); // told below
  try {
    for (let pack = await asked(() => reader.next()); pack; pack = await asked(() => reader.next())) {
      counts = pack.counts;
      await uploader.accept(pack);
    }
    await feeding;
    await uploader.finish();
  } catch (error) {
    // Without the base's index the reader cannot go on: why it is not there is what counts.
    await Promise.race([feeding, undefined]);
    throw error;
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    progress.end();
    await uploader.settle();
  }
  signal.throwIfAborted();
  const digest = uploader.chain.toString('hex');
  const totals: ClosingTotals = {
    packs: uploader.packs,
    ...counts,
    digest,
    ...(base ? { base: base.digest } : {}),
    ...(keepIndex ? { indexKey: ownIndexKey.toString('hex') } : {}),
  };
  const closing = sealClosing(task, totals, start.startedAt);
  await putClosing(task, closing, totals, signal);
  return resultOf(totals, storedBytes + closing.length);
}

function openReader(
  task: CopyTask,
  start: CopyStart,
  base: BaseArchive | undefined,
  form: { packSize: number; keepIndex: boolean; indexKey: Buffer },
): NativeReader {
  const options = {
    ...form,
    root: Buffer.from(task.root),
    isImage: task.mode === 'Block',
    digestKey: digestKey(task.key, task.volumeId),
    startedAt: start.startedAt / 1000,
    ...(base
      ? { base: { digest: Buffer.from(base.digest, 'hex'), startedAt: base.startedAt / 1000, cutShort: base.cutShort } }
      : {}),
  };
  return new (nativeCore().NativeReader)(options, start.last);
}

/** An archive that was begun as a delta goes on as one, or not at all; a full one goes on as a full one. */
async function chooseBase(task: CopyTask, start: CopyStart, signal: AbortSignal): Promise<BaseArchive | undefined> {
  const isBegun = start.base !== undefined;
  const isDelta = isBegun && !start.base?.equals(baseMark(undefined));
  if (isBegun && !isDelta) return undefined;
  const found = task.base && (await findBase(task.store, task.base, signal));
  if (found && 'digest' in found) {
    if (!isDelta || start.base?.equals(baseMark(found.digest))) return found;
  }
  if (isDelta) {
    const why = found && 'reason' in found ? found.reason : 'it is based on another one';
    throw baseMissing(`The copy was begun as the changes since an earlier one, and cannot go on: ${why}`);
  }
  if (found && 'reason' in found) {
    task.onWarning?.({ reason: 'BaseNotUsed', path: '/', message: `is copied as a whole: ${found.reason}` });
  }
  return undefined;
}

async function feedBase(reader: NativeReader, base: BaseArchive, signal: AbortSignal): Promise<void> {
  try {
    for await (const section of base.sections(signal)) {
      if (!(await asked(() => reader.pushBase(section)))) return;
    }
    await asked(() => reader.endBase());
  } catch (error) {
    reader.stop();
    throw error;
  }
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

function resultOf({ packs, files, bytes, warnings, digest, base }: ClosingTotals, storedBytes: number): CopyResult {
  return { bytes, files, packs, storedBytes, warnings, digest, ...(base ? { base } : {}) };
}
