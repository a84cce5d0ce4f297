import { setTimeout } from 'node:timers/promises';
import { archiveDamaged, isObjectNotFound, stalled } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { packKey, packNumberOf, packsPrefix } from './archive-keys.ts';
import { type ClosingTotals, readClosing } from './closing-object.ts';
import { MAX_PACK } from './pack-builder.ts';
import type { PackStore } from './pack-store.ts';
import { CHAIN_START, nextChain, openSealed } from './seal.ts';
import type { Throttle } from './throttle.ts';

/** Packs that are fetched and opened before their turn. This bounds the memory. */
const AHEAD = 3;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;
/** Of one listing, packs that are taken at most; S3 lists a thousand at a time. */
const LISTED = 1000;

export interface OpenedPack {
  number: number;
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

async function* fetchInOrder(options: FollowOptions, from: number, sizes: readonly number[]): AsyncGenerator<FetchedPack> {
  const ahead: Promise<FetchedPack>[] = [];
  for (let index = 0; index < sizes.length || ahead.length > 0; ) {
    while (index < sizes.length && ahead.length < AHEAD) {
      const fetching = fetchPack(options, from + index, sizes[index] ?? 0);
      fetching.catch(() => undefined); // it is told when its turn comes
      ahead.push(fetching);
      index += 1;
    }
    const pack = await ahead.shift();
    if (pack) yield pack;
  }
}

async function fetchPack(
  { store, identity, throttle, signal }: FollowOptions,
  number: number,
  size: number,
): Promise<FetchedPack> {
  const what = nameOf(number);
  const { key, volumeId, prefix } = identity;
  await throttle.take(size, signal);
  const sealed = await store.get(packKey(prefix, number), { signal }).catch((error) => {
    throw isObjectNotFound(error) ? archiveDamaged(`${what} was deleted`, error) : error;
  });
  const { header, plain } = await openSealed(key, 'pack', volumeId, sealed, { maxPlain: MAX_PACK, what });
  if (header.number !== number) throw archiveDamaged(`${what} is really pack ${header.number}: packs were swapped`);
  return { number, plain, storedBytes: sealed.length, chain: header.chain, digest: header.digest };
}
