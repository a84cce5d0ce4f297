import { GodwitError } from '@godwit/contracts/errors';
import { archiveDamaged } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { packKey } from './archive-keys.ts';
import { type ClosingTotals, readClosing } from './closing-object.ts';
import { asked, type IndexSection, nativeCore } from './native.ts';
import { openPackOf, packHeader, packName } from './open-pack.ts';
import type { PackStore } from './pack-store.ts';
import { CHAIN_START, nextChain, sealingKey } from './seal.ts';
import { HEADER_LENGTH, type SealedHeader } from './sealed-header.ts';

/** Read at once of each pack: the index of most is within. */
const FIRST_BYTES = 64 * 1024;
/** More files than these that are to be read again are not listed: then all are. */
const MOST_CUT_SHORT = 10_000;
/** Index sections that are fetched before their turn. */
const AHEAD = 4;

/** An archive on which a delta can be based: complete, indexed, and whole as far as its index goes. */
export interface BaseArchive {
  /** Hex. */
  digest: string;
  /** When its copy began, milliseconds since 1970: what is older and has its times did not change. 0: everything is read. */
  startedAt: number;
  /** Files that it holds only in part, though their times may say that they did not change. */
  cutShort: readonly Buffer[];
  indexKey: Buffer;
  /** Its index, from the beginning. */
  sections(signal: AbortSignal): AsyncIterable<IndexSection>;
}

/**
 * Looks at each pack's index before anything is based on it: one that is missing or damaged must be known before the first change is
 * told.
 * @returns the base, or why there is none
 * @throws RetryableError when object storage does not answer
 */
export async function findBase(
  store: PackStore,
  identity: ArchiveIdentity,
  signal: AbortSignal,
): Promise<BaseArchive | { reason: string }> {
  try {
    const closing = await readClosing(store, identity, signal);
    if (!closing) return { reason: 'the earlier copy is not there, or is not complete' };
    if (!closing.indexKey) return { reason: 'the earlier copy kept no index' };
    const sections = (until: AbortSignal) => readIndex(store, identity, closing, until);
    const cutShort: Buffer[] = [];
    for await (const section of sections(signal)) {
      if (cutShort.length <= MOST_CUT_SHORT) cutShort.push(...section.cutShort);
    }
    const isListed = cutShort.length <= MOST_CUT_SHORT;
    return {
      digest: closing.digest,
      startedAt: isListed ? closing.startedAt : 0,
      cutShort: isListed ? cutShort : [],
      indexKey: Buffer.from(closing.indexKey, 'hex'),
      sections,
    };
  } catch (error) {
    if (error instanceof GodwitError && (error.reason === 'ArchiveDamaged' || error.reason === 'ObjectNotFound')) {
      return { reason: `the earlier copy is damaged: ${error.message}` };
    }
    throw error;
  }
}

async function* readIndex(
  store: PackStore,
  identity: ArchiveIdentity,
  { packs, digest }: ClosingTotals,
  signal: AbortSignal,
): AsyncGenerator<IndexSection> {
  const fetching: Promise<{ header: SealedHeader; section: IndexSection }>[] = [];
  let chain: Buffer = CHAIN_START;
  for (let fetched = 0, next = 0; next < packs; next += 1) {
    for (; fetched < packs && fetching.length < AHEAD; fetched += 1) {
      const section = fetchSection(store, identity, fetched, signal);
      section.catch(() => undefined); // told when its turn comes
      fetching.push(section);
    }
    const fetchedNext = fetching.shift();
    if (!fetchedNext) break;
    const { header, section } = await fetchedNext;
    if (!header.chain.equals(chain)) throw archiveDamaged(`${packName(next)} does not follow the one before it`);
    chain = nextChain(chain, header.digest);
    yield section;
  }
  if (chain.toString('hex') !== digest) throw archiveDamaged('the packs are not those that its copy closed');
}

async function fetchSection(store: PackStore, identity: ArchiveIdentity, number: number, signal: AbortSignal) {
  const key = packKey(identity.prefix, number);
  let start = await store.get(key, { first: FIRST_BYTES, signal });
  const header = packHeader(identity, number, start);
  // The seal of the index vouches for the header as well. Where there is none (a pack of removals alone) that of the body has to, or
  // who changes the header could hide rows, and a delta would not tell of what they told.
  if (header.indexLength === 0) {
    start = await store.get(key, { signal });
    const body = await openPackOf(identity, number, nativeCore().SealedPack.fromBytes(start));
    body.release();
    return sectionOf(identity, number, start);
  }
  const needed = HEADER_LENGTH + header.indexLength;
  if (start.length < needed) start = await store.get(key, { first: needed, signal });
  return sectionOf(identity, number, start);
}

/** @param start of the pack, its index section at least */
async function sectionOf(identity: ArchiveIdentity, number: number, start: Buffer) {
  const header = packHeader(identity, number, start);
  const sealing = sealingKey(identity.key, identity.volumeId, header.salt);
  return { header, section: await asked(() => nativeCore().openIndex(start, sealing, packName(number))) };
}
