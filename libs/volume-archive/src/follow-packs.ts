import { setTimeout } from 'node:timers/promises';
import { archiveDamaged, isObjectNotFound, otherWriter, stalled } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { packKey, packNumberOf, packsPrefix } from './archive-keys.ts';
import { type ClosingTotals, readClosing } from './closing-object.ts';
import { MemoryBudget } from './memory-budget.ts';
import type { PlainPack, SealedPack } from './native.ts';
import { openPackOf, packHeader, packName } from './open-pack.ts';
import type { PackStore } from './pack-store.ts';
import { CHAIN_START, nextChain } from './seal.ts';
import type { StreamPool } from './stream-pool.ts';

/** Packs that are fetched before their turn may take so much; more streams than these keep busy wait. */
const MOST_IN_MEMORY = 32 * 1024 * 1024;
/** Packs that are opened before their turn: an opened one takes several times the memory. */
const OPENED_AHEAD = 1;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;
/** Of one listing, packs that are taken at most; S3 lists a thousand at a time. */
const LISTED = 1000;

export interface OpenedPack {
  number: number;
  /** Until the next one is asked for. */
  plain: PlainPack;
  /** Bytes as stored. */
  storedBytes: number;
}

export interface FollowOptions {
  store: PackStore;
  identity: ArchiveIdentity;
  streams: StreamPool;
  stallTimeoutMs: number;
  signal: AbortSignal;
  /** Called once, when the copy is found to be complete. */
  onClosing: (totals: ClosingTotals) => void;
}

/**
 * Yields the packs of an archive in their order, each as soon as it and all before it are there, until the closing object's word
 * is fulfilled. A pack is fetched only when its predecessor was seen: see `findCopyStart` for why.
 * @returns the closing object's totals, whose digest was compared with the packs
 */
export async function* followPacks(options: FollowOptions): AsyncGenerator<OpenedPack, ClosingTotals> {
  const { store, identity, signal, stallTimeoutMs } = options;
  let next = 0;
  let chain: Buffer = CHAIN_START;
  let closing: ClosingTotals | undefined;
  let outOfOrder: OutOfOrder = metAnotherAttempt;
  let lastNews = performance.now();
  let wait = FIRST_WAIT_MS;
  for (;;) {
    // Read before the listing: then a pack that is not listed is missing, not late.
    if (!closing) {
      closing = await readClosing(store, identity, signal);
      if (closing) options.onClosing(closing);
      if (closing && next === 0) outOfOrder = archiveDamaged;
    }
    const sizes = await listFollowing(options, next, closing?.packs);
    for await (const pack of fetchInOrder(options, next, sizes, outOfOrder)) {
      if (!pack.chain.equals(chain)) throw outOfOrder(`${packName(next)} does not follow the one before it`);
      chain = nextChain(chain, pack.plain.digest);
      next += 1;
      try {
        yield { number: pack.number, plain: pack.plain, storedBytes: pack.storedBytes };
      } finally {
        pack.plain.release();
      }
    }
    if (closing && next >= closing.packs) break;
    if (sizes.length > 0) {
      lastNews = performance.now();
      wait = FIRST_WAIT_MS;
      continue;
    }
    if (closing) throw outOfOrder(`${packName(next)} is missing: the archive should have ${closing.packs}`);
    if (performance.now() - lastNews > stallTimeoutMs) {
      throw stalled(`No new data of this volume arrived in object storage for ${Math.round(stallTimeoutMs / 1000)} seconds`);
    }
    await setTimeout(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    wait = Math.min(LONGEST_WAIT_MS, wait * 1.5);
  }
  if (chain.toString('hex') !== closing.digest) throw outOfOrder('The packs of the archive are not those that its copy closed');
  return closing;
}

type OutOfOrder = (message: string, cause?: unknown) => Error;

/**
 * While an archive is not closed, packs of an attempt that was given up may lie beside those of the next one, which deletes them, and a
 * copy may start over: who begins again finds all in order. In an archive that was closed before its first pack was read, the same is
 * damage.
 */
const metAnotherAttempt: OutOfOrder = (message, cause) =>
  otherWriter(`${message}: another attempt of the copy is at work, or has been`, cause);

/** @returns stored sizes of the packs from `next` on that are there without a gap */
async function listFollowing(
  { store, identity, signal }: FollowOptions,
  next: number,
  end = Number.POSITIVE_INFINITY,
): Promise<number[]> {
  const sizes: number[] = [];
  if (next >= end) return sizes;
  const prefix = packsPrefix(identity.prefix);
  const startAfter = next > 0 ? packKey(identity.prefix, next - 1) : undefined;
  for await (const { key, size } of store.list(prefix, { startAfter, signal })) {
    const number = packNumberOf(identity.prefix, key);
    if (number === undefined) continue;
    if (number !== next + sizes.length || number >= end || sizes.length >= LISTED) break;
    sizes.push(size);
  }
  return sizes;
}

type FetchedPack = OpenedPack & { chain: Buffer };

interface SealedFetch {
  sealed: SealedPack;
  giveBack: () => void;
}

/** Fetches packs ahead as they are stored, each on a stream of its own, and opens the next ones. */
async function* fetchInOrder(
  options: FollowOptions,
  from: number,
  sizes: readonly number[],
  outOfOrder: OutOfOrder,
): AsyncGenerator<FetchedPack> {
  const memory = new MemoryBudget(MOST_IN_MEMORY);
  const opening: Promise<FetchedPack>[] = [];
  const fetching: Promise<SealedFetch>[] = [];
  let fetched = 0;
  let opened = 0;
  const goAhead = () => {
    for (; fetched < sizes.length && fetching.length < options.streams.total + 1; fetched += 1) {
      fetching.push(untilAwaited(fetchPack(options, memory, from + fetched, sizes[fetched] ?? 0, outOfOrder)));
    }
    while (opening.length < OPENED_AHEAD) {
      const next = fetching.shift();
      if (!next) break;
      opening.push(untilAwaited(openPack(options, from + opened, next)));
      opened += 1;
    }
  };
  goAhead();
  for (let next = opening.shift(); next; next = opening.shift()) {
    const pack = await next;
    goAhead();
    yield pack;
  }
}

/** A failure of what runs ahead is told when its turn comes, not before. */
function untilAwaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

async function fetchPack(
  { identity, streams, signal }: FollowOptions,
  memory: MemoryBudget,
  number: number,
  size: number,
  outOfOrder: OutOfOrder,
): Promise<SealedFetch> {
  const giveBack = await memory.take(size);
  try {
    const sealed = await streams.run((transfer) => transfer.get(packKey(identity.prefix, number), signal));
    return { sealed, giveBack };
  } catch (error) {
    giveBack();
    throw isObjectNotFound(error) ? outOfOrder(`${packName(number)} was deleted`, error) : error;
  }
}

async function openPack({ identity }: FollowOptions, number: number, fetching: Promise<SealedFetch>): Promise<FetchedPack> {
  const { sealed, giveBack } = await fetching;
  try {
    const storedBytes = sealed.length;
    const { chain } = packHeader(identity, number, sealed.header);
    return { number, plain: await openPackOf(identity, number, sealed), storedBytes, chain };
  } finally {
    giveBack();
  }
}
