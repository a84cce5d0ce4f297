import type { ArchiveIdentity } from './archive-identity.ts';
import { packKey, packNumberOf, packsPrefix } from './archive-keys.ts';
import { nativeCore, type PlainPack } from './native.ts';
import { openPackOf, packName } from './open-pack.ts';
import type { PackStore } from './pack-store.ts';
import type { UploaderStart } from './pack-uploader.ts';
import { CHAIN_START, nextChain } from './seal.ts';
import { decodeHeader, HEADER_LENGTH, objectLength, type SealedHeader } from './sealed-header.ts';

/** Headers read at the same time. */
const AHEAD = 16;
/** What S3 deletes by one request. */
const DELETED_AT_ONCE = 1000;

export interface CopyStart extends UploaderStart {
  /** The pack behind which to go on; none: a copy from the beginning. */
  last: PlainPack | undefined;
  /** What the packs that are there tell of their base. */
  base: Buffer | undefined;
}

/**
 * Finds where a copy goes on: behind the longest run of packs from number 0 that follow each other. Packs beyond a gap were sent
 * by an attempt that ended before their predecessor arrived; no restore has read them, and they are deleted here, before the gap
 * is filled, so that a pack that a restore can reach never changes.
 */
export async function findCopyStart(store: PackStore, identity: ArchiveIdentity, signal: AbortSignal): Promise<CopyStart> {
  const stored: { key: string; number: number; size: number }[] = [];
  for await (const { key, size } of store.list(packsPrefix(identity.prefix), { signal })) {
    const number = packNumberOf(identity.prefix, key);
    if (number !== undefined) stored.push({ key, number, size });
  }
  const gap = stored.findIndex(({ number }, index) => number !== index);
  const candidates = gap === -1 ? stored : stored.slice(0, gap);
  const { packs, chain, startedAt, base } = await followChain(store, identity, candidates, signal);
  const surplus = stored.slice(packs).map(({ key }) => key);
  if (surplus.length > 0) await store.delete(surplus, { signal });
  if (packs === 0) {
    const counts = { entries: 0, files: 0, bytes: 0, warnings: 0 };
    return { number: 0, chain: CHAIN_START, counts, startedAt: Date.now(), base: undefined, last: undefined };
  }
  const last = await openPackOf(
    identity,
    packs - 1,
    nativeCore().SealedPack.fromBytes(await store.get(packKey(identity.prefix, packs - 1), { signal })),
  );
  return { number: packs, chain, counts: last.counts, startedAt, base, last };
}

/**
 * Takes a copy back that cannot go on. The last packs go first, so that what is left of them at any time is the beginning of an archive;
 * a restore that has read some finds that the next one does not follow them, and begins again.
 */
export async function discardPacks(store: PackStore, { prefix }: ArchiveIdentity, signal: AbortSignal): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list(packsPrefix(prefix), { signal })) {
    if (packNumberOf(prefix, key) !== undefined) keys.push(key);
  }
  for (let end = keys.length; end > 0; end -= DELETED_AT_ONCE) {
    await store.delete(keys.slice(Math.max(0, end - DELETED_AT_ONCE), end).reverse(), { signal });
  }
}

/** @returns how many of these packs follow each other, judged by their headers */
async function followChain(
  store: PackStore,
  { prefix }: ArchiveIdentity,
  candidates: readonly { size: number }[],
  signal: AbortSignal,
): Promise<{ packs: number; chain: Buffer; startedAt: number; base: Buffer | undefined }> {
  let chain: Buffer = CHAIN_START;
  let startedAt = 0;
  let base: Buffer | undefined;
  let packs = 0;
  for (let from = 0; from < candidates.length && packs === from; from += AHEAD) {
    const batch = candidates.slice(from, from + AHEAD);
    const headers = await Promise.all(
      batch.map(async (_, index) => {
        const number = from + index;
        const bytes = await store.get(packKey(prefix, number), { first: HEADER_LENGTH, signal });
        return decodeHeader(bytes, 'pack', packName(number));
      }),
    );
    for (const [index, header] of headers.entries()) {
      if (!isNext(header, packs, chain, batch[index]?.size)) break;
      chain = nextChain(chain, header.digest);
      startedAt = header.startedAt;
      base = header.base;
      packs += 1;
    }
  }
  return { packs, chain, startedAt, base };
}

function isNext(header: SealedHeader, number: number, chain: Buffer, size: number | undefined): boolean {
  return header.number === number && header.chain.equals(chain) && size === objectLength(header);
}
