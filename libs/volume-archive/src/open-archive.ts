import { archiveIncomplete, archiveNotFound } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { packsPrefix } from './archive-keys.ts';
import { type ClosingTotals, readClosing } from './closing-object.ts';
import { followPacks, type OpenedPack } from './follow-packs.ts';
import { openStreams } from './open-streams.ts';
import type { VolumeTask } from './volume-task.ts';

/** Which archive, and how it is reached. */
export type ArchiveSource = ArchiveIdentity & Pick<VolumeTask, 'store' | 'streams' | 'maxBytesPerSecond' | 'signal'>;

/** An archive whose copy has ended. */
export interface CompleteArchive {
  /** What its closing object tells. `base`: it is a delta, and holds only what changed. */
  readonly closing: ClosingTotals;
  /** All its packs in their order, each of them until the next one is asked for. Behind the last one the closing digest is compared. */
  packs(): AsyncGenerator<OpenedPack>;
}

/** A closing object that was there and is gone is not waited for. */
const STALL_TIMEOUT_MS = 10_000;

/**
 * Opens an archive for those who read it afterwards, without a volume.
 * @throws RetryableError Stalled when it is not complete; FatalError ArchiveDamaged, StoreRefused, ...
 */
export async function openArchive(source: ArchiveSource): Promise<CompleteArchive> {
  const { store, prefix, signal } = source;
  const closing = await readClosing(store, source, signal);
  if (!closing) throw (await hasPacks(source)) ? archiveIncomplete(prefix) : archiveNotFound(prefix);
  return { closing, packs: () => readPacks(source) };
}

async function hasPacks({ store, prefix, signal }: ArchiveSource): Promise<boolean> {
  for await (const _pack of store.list(packsPrefix(prefix), { signal })) return true;
  return false;
}

async function* readPacks(source: ArchiveSource): AsyncGenerator<OpenedPack> {
  const own = new AbortController();
  const signal = source.signal ? AbortSignal.any([source.signal, own.signal]) : own.signal;
  const { store } = source;
  try {
    yield* followPacks({
      store,
      identity: source,
      streams: openStreams(source),
      stallTimeoutMs: STALL_TIMEOUT_MS,
      signal,
      onClosing: () => undefined,
    });
  } catch (error) {
    source.signal?.throwIfAborted();
    throw error;
  } finally {
    own.abort(); // ends the packs that are fetched ahead of one who has seen enough
  }
}
