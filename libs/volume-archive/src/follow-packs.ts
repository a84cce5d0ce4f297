import { setTimeout } from 'node:timers/promises';
import { archiveDamaged, isObjectNotFound, stalled } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { packKey, packNumberOf, packsPrefix } from './archive-keys.ts';
import { type ClosingTotals, readClosing } from './closing-object.ts';
import { MAX_PACK } from './pack-builder.ts';
import type { PackStore } from './pack-store.ts';
import { CHAIN_START, nextChain, openSealed } from './seal.ts';
import type { Throttle } from './throttle.ts';

/** Packs that are fetched before their turn. This bounds the memory. */
const AHEAD = 3;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;
/** Of one listing, packs that are taken at most; S3 lists a thousand at a time. */
const LISTED = 1000;

export interface OpenedPack {
  number: number;
  /** The consumer's: it releases its memory. */
  plain: Buffer;
  /** Bytes as stored. */
  storedBytes: number;
}

export interface FollowOptions {
  store: PackStore;
  identity: ArchiveIdentity;
  throttle: Throttle;
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
  let lastNews = performance.now();
  let wait = FIRST_WAIT_MS;
  for (;;) {
    // Read before the listing: then a pack that is not listed is missing, not late.
    if (!closing) {
      closing = await readClosing(store, identity, signal);
      if (closing) options.onClosing(closing);
    }
    const sizes = await listFollowing(options, next, closing?.packs);
    for await (const pack of fetchInOrder(options, next, sizes)) {
      if (!pack.chain.equals(chain)) throw archiveDamaged(`${nameOf(next)} does not follow the one before it`);
      chain = nextChain(chain, pack.digest);
      next += 1;
      yield { number: pack.number, plain: pack.plain, storedBytes: pack.storedBytes };
    }
    if (closing && next >= closing.packs) break;
    if (sizes.length > 0) {
      lastNews = performance.now();
      wait = FIRST_WAIT_MS;
      continue;
    }
    if (closing) throw archiveDamaged(`${nameOf(next)} is missing: the archive should have ${closing.packs}`);
    if (performance.now() - lastNews > stallTimeoutMs) {
      throw stalled(`No new data of this volume arrived in object storage for ${Math.round(stallTimeoutMs / 1000)} seconds`);
    }
    await setTimeout(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    wait = Math.min(LONGEST_WAIT_MS, wait * 1.5);
  }
  if (chain.toString('hex') !== closing.digest)
    throw archiveDamaged('The packs of the archive are not those that its copy closed');
  return closing;
}

const nameOf = (number: number) => `Pack ${number} of the archive`;

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

type FetchedPack = OpenedPack & { chain: Buffer; digest: Buffer };

/** Fetches a few packs ahead as they are stored, and opens only the next one ahead: opened, a pack takes several times the memory. */
async function* fetchInOrder(options: FollowOptions, from: number, sizes: readonly number[]): AsyncGenerator<FetchedPack> {
  const fetching: Promise<Buffer>[] = [];
  let fetched = 0;
  let opened = 0;
  const openNext = (): Promise<FetchedPack> | undefined => {
    while (fetched < sizes.length && fetching.length < AHEAD) {
      fetching.push(untilAwaited(fetchPack(options, from + fetched, sizes[fetched] ?? 0)));
      fetched += 1;
    }
    const next = fetching.shift();
    if (!next) return undefined;
    opened += 1;
    return untilAwaited(openPack(options, from + opened - 1, next));
  };
  for (let opening = openNext(); opening; ) {
    const pack = await opening;
    opening = openNext();
    yield pack;
  }
}

/** A failure of what runs ahead is told when its turn comes, not before. */
function untilAwaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

async function fetchPack({ store, identity, throttle, signal }: FollowOptions, number: number, size: number): Promise<Buffer> {
  await throttle.take(size, signal);
  return store.get(packKey(identity.prefix, number), { signal }).catch((error) => {
    throw isObjectNotFound(error) ? archiveDamaged(`${nameOf(number)} was deleted`, error) : error;
  });
}

async function openPack({ identity }: FollowOptions, number: number, fetching: Promise<Buffer>): Promise<FetchedPack> {
  const what = nameOf(number);
  const sealed = await fetching;
  const storedBytes = sealed.length;
  const { header, plain } = await openSealed(identity.key, 'pack', identity.volumeId, sealed, { maxPlain: MAX_PACK, what });
  if (header.number !== number) throw archiveDamaged(`${what} is really pack ${header.number}: packs were swapped`);
  return { number, plain, storedBytes, chain: header.chain, digest: header.digest };
}
