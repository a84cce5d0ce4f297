import { archiveDamaged } from '../archive-errors.ts';
import type { ArchiveIdentity } from '../archive-identity.ts';
import { packKey } from '../archive-keys.ts';
import { baseMark, type ClosingTotals, readClosing } from '../closing-object.ts';
import type { PackStore } from '../pack-store.ts';
import { CHAIN_START, nextChain } from '../seal.ts';
import { bindingOf, type SealedHeader } from '../sealed-header.ts';
import { type BytePath, compareWalkOrder } from './byte-path.ts';
import { type IndexRow, readRows } from './index-rows.ts';
import { type ArchiveRecord, type EntryRecord, readRecords } from './records.ts';
import { openPack } from './sealed-pack.ts';

export interface ArchiveReading {
  closing: ClosingTotals;
  headers: SealedHeader[];
  /** Of all packs, without their END records. */
  records: ArchiveRecord[];
  rows: IndexRow[];
}

/**
 * A second opinion on the format: reads a closed archive with nothing of the native core.
 * @throws FatalError ArchiveDamaged when a seal, a number, the chain or a count is not right
 */
export async function readArchive(store: PackStore, identity: ArchiveIdentity): Promise<ArchiveReading> {
  const closing = await readClosing(store, identity);
  if (!closing) throw archiveDamaged('The archive is not closed');
  const reading: ArchiveReading = { closing, headers: [], records: [], rows: [] };
  let chain: Buffer = CHAIN_START;
  for (let number = 0; number < closing.packs; number += 1) {
    const what = `Pack ${number}`;
    const { header, body, index } = openPack(identity, await store.get(packKey(identity.prefix, number)), what);
    const isInPlace = header.number === number && header.chain.equals(chain) && header.base.equals(baseMark(closing.base));
    if (!isInPlace || !header.binding.equals(bindingOf(identity.volumeId)))
      throw archiveDamaged(`${what} is not of this archive`);
    chain = nextChain(chain, header.digest);
    reading.headers.push(header);
    reading.rows.push(...readRows(index));
    for (const record of readRecords(body, what)) {
      if (record.type === 'end') compareCounts(record, reading.records, what);
      else reading.records.push(record);
    }
  }
  if (chain.toString('hex') !== closing.digest) throw archiveDamaged('The packs are not those that were closed');
  compareCounts(closing, reading.records, 'The closing object');
  assertOrder(reading.records);
  return reading;
}

type Counts = { entries: number; files: number; bytes: number };

function compareCounts(told: Counts, records: readonly ArchiveRecord[], what: string): void {
  const entries = records.filter((record) => record.type === 'entry');
  const ended = entries.filter(({ last }) => last);
  const files = ended.filter(({ kind }) => kind !== 'directory').length;
  const holdsData = ({ kind }: EntryRecord) => kind === 'file' || kind === 'image';
  const bytes = entries.filter(holdsData).reduce((sum, { data }) => sum + data.length, 0);
  if (told.entries !== ended.length || told.files !== files || told.bytes !== bytes) {
    throw archiveDamaged(
      `${what} tells of ${told.entries} entries and ${told.bytes} bytes; there are ${ended.length} and ${bytes}`,
    );
  }
}

function assertOrder(records: readonly ArchiveRecord[]): void {
  let last: BytePath | undefined;
  for (const record of records) {
    const isNew = record.type === 'remove' || (record.type === 'entry' && record.first);
    if (!isNew) continue;
    if (last !== undefined && compareWalkOrder(last, record.path) >= 0) throw archiveDamaged(`${record.path} is out of order`);
    last = record.path;
  }
}

/** An entry as the archive tells it, its pieces put together. */
export type LaidEntry = Omit<EntryRecord, 'type' | 'first' | 'last' | 'patch' | 'offset'>;

/** Does to a volume in memory what the records tell. */
export function layRecords(volume: Map<BytePath, LaidEntry>, records: readonly ArchiveRecord[]): void {
  let patched: LaidEntry | undefined;
  for (const record of records) {
    if (record.type === 'remove') {
      for (const path of [...volume.keys()]) {
        if (path === record.path || path.startsWith(`${record.path}/`)) volume.delete(path);
      }
    } else if (record.type === 'hole') {
      patched?.data.fill(0, record.offset, record.offset + record.length);
    } else if (record.type === 'entry') {
      const { type, first, last, patch, offset, ...entry } = record;
      const before = first && !patch ? Buffer.alloc(0) : (volume.get(record.path)?.data ?? Buffer.alloc(0));
      const isWhole = record.kind !== 'file' && record.kind !== 'image';
      const room = Math.max(before.length, offset + entry.data.length);
      const data = isWhole ? entry.data : Buffer.concat([before, Buffer.alloc(room - before.length)]);
      if (!isWhole) entry.data.copy(data, offset);
      patched = { ...entry, data: last && !isWhole ? resized(data, entry.size) : data };
      volume.set(record.path, patched);
    }
  }
}

const resized = (data: Buffer, size: number): Buffer =>
  Buffer.concat([data.subarray(0, size), Buffer.alloc(Math.max(0, size - data.length))]);
