import { archiveDamaged } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { packKey, packNumberOf, packsPrefix } from './archive-keys.ts';
import { MAX_PACK, type RunningCounts } from './pack-builder.ts';
import type { PackStore } from './pack-store.ts';
import type { UploaderStart } from './pack-uploader.ts';
import { type EntryRecord, readRecords } from './record.ts';
import { positionAfter, type ResumePosition } from './resume-position.ts';
import { CHAIN_START, nextChain, openSealed } from './seal.ts';
import { decodeHeader, HEADER_LENGTH, type SealedHeader, TAG_LENGTH } from './sealed-header.ts';

/** Headers read at the same time. */
const AHEAD = 16;

export interface CopyStart extends UploaderStart {
  counts: RunningCounts;
  /** None: a copy from the beginning. */
  position: ResumePosition | undefined;
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
  const { packs, chain, startedAt } = await followChain(store, identity, candidates, signal);
  const surplus = stored.slice(packs).map(({ key }) => key);
  if (surplus.length > 0) await store.delete(surplus, { signal });
  if (packs === 0) {
    const counts = { entries: 0, files: 0, bytes: 0, warnings: 0 };
    return { number: 0, chain: CHAIN_START, startedAt: Date.now(), counts, position: undefined };
  }
  return { number: packs, chain, startedAt, ...(await readEndOf(store, identity, packs - 1, signal)) };
}

/** @returns how many of these packs follow each other, judged by their headers */
async function followChain(
  store: PackStore,
  { prefix }: ArchiveIdentity,
  candidates: readonly { size: number }[],
  signal: AbortSignal,
): Promise<{ packs: number; chain: Buffer; startedAt: number }> {
  let chain: Buffer = CHAIN_START;
  let startedAt = 0;
  let packs = 0;
  for (let from = 0; from < candidates.length && packs === from; from += AHEAD) {
    const batch = candidates.slice(from, from + AHEAD);
    const headers = await Promise.all(
      batch.map(async (_, index) => {
        const number = from + index;
        const bytes = await store.get(packKey(prefix, number), { first: HEADER_LENGTH, signal });
        return decodeHeader(bytes, 'pack', `Pack ${number} of the archive`);
      }),
    );
    for (const [index, header] of headers.entries()) {
      if (!isNext(header, packs, chain, batch[index]?.size)) break;
      chain = nextChain(chain, header.digest);
      startedAt = header.startedAt;
      packs += 1;
    }
  }
  return { packs, chain, startedAt };
}

function isNext(header: SealedHeader, number: number, chain: Buffer, size: number | undefined): boolean {
  return header.number === number && header.chain.equals(chain) && size === HEADER_LENGTH + header.bodyLength + TAG_LENGTH;
}

async function readEndOf(
  store: PackStore,
  { key, volumeId, prefix }: ArchiveIdentity,
  number: number,
  signal: AbortSignal,
): Promise<{ counts: RunningCounts; position: ResumePosition }> {
  const what = `Pack ${number} of the archive`;
  const sealed = await store.get(packKey(prefix, number), { signal });
  const { header, plain } = await openSealed(key, 'pack', volumeId, sealed, { maxPlain: MAX_PACK, what });
  let last: EntryRecord | undefined;
  for (const record of readRecords(plain, what)) {
    if (record.type === 'entry') last = record;
    else if (last) {
      const { type: _type, ...counts } = record;
      return { counts, position: positionAfter(last, header.startedAt) };
    }
  }
  throw archiveDamaged(`${what} is empty`);
}
