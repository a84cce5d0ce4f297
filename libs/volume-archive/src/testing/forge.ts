import { closingKey, packKey } from '../archive-keys.ts';
import { sealClosing } from '../closing-object.ts';
import { CHAIN_START, nextChain } from '../seal.ts';
import { NO_BASE } from '../sealed-header.ts';
import type { VolumeTask } from '../volume-task.ts';
import { type ArchiveRecord, type EntryKind, type EntryRecord, encodeRecord } from './records.ts';
import { packDigest, sealPack } from './sealed-pack.ts';

export type Entry = { kind: EntryKind; path: string; data?: string } & Partial<
  Pick<EntryRecord, 'size' | 'first' | 'last' | 'patch' | 'offset' | 'attributes'>
>;

/** The END record is the forger's own. */
export type ForgedRecord = Exclude<ArchiveRecord, { type: 'end' }>;

export function entryRecord({ data = '', ...entry }: Entry): EntryRecord {
  return {
    type: 'entry',
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtimeSeconds: 0n,
    mtimeNanos: 0,
    size: entry.kind === 'file' || entry.kind === 'image' ? data.length : 0,
    major: 0,
    minor: 0,
    first: true,
    last: true,
    patch: false,
    offset: 0,
    attributes: [],
    data: Buffer.from(data, 'latin1'),
    ...entry,
  };
}

/**
 * Makes an archive whose seals are right and whose writer is not to be trusted: what a stolen key could make.
 * @param tweak changes the plain pack before it is sealed
 */
export async function forge(
  { store, ...identity }: VolumeTask,
  records: readonly ForgedRecord[],
  tweak: (plain: Buffer) => void = () => {},
): Promise<void> {
  const entries = records.filter((record) => record.type === 'entry');
  const ended = entries.filter(({ last }) => last);
  const holdsData = ({ kind }: EntryRecord) => kind === 'file' || kind === 'image';
  const counts = {
    entries: ended.length,
    files: ended.filter(({ kind }) => kind !== 'directory').length,
    bytes: entries.filter(holdsData).reduce((sum, { data }) => sum + data.length, 0),
    warnings: 0,
  };
  const body = Buffer.concat([...records, { type: 'end' as const, ...counts }].map(encodeRecord));
  tweak(body);
  const parts = { number: 0, startedAt: 0, chain: CHAIN_START, base: NO_BASE, body, index: Buffer.alloc(0) };
  await store.put(packKey(identity.prefix, 0), sealPack(identity, parts));
  const totals = { packs: 1, ...counts, digest: nextChain(CHAIN_START, packDigest(identity, body)).toString('hex') };
  await store.put(closingKey(identity.prefix), sealClosing(identity, totals, 0));
}
