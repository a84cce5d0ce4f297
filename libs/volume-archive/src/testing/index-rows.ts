import { archiveDamaged } from '../archive-errors.ts';
import type { BytePath } from './byte-path.ts';
import { ENTRY_KINDS, type EntryKind } from './records.ts';

/** The rows of a pack's index section; see docs/archive-format.md. */
export const BLOCK = 8192;
const DIGEST = 16;
const TYPES = { entry: 1, blocks: 2, last: 3 } as const;
const FLAGS = { unchanged: 1, inBlocks: 2, continued: 4 } as const;
const ENTRY_FIXED = 104;
const BLOCKS_FIXED = 16;
const LAST_LENGTH = 8;

export interface EntryRow {
  type: 'entry';
  kind: EntryKind;
  path: BytePath;
  unchanged: boolean;
  inBlocks: boolean;
  continued: boolean;
  mode: number;
  uid: number;
  gid: number;
  /** Nanoseconds since 1970. */
  mtime: bigint;
  ctime: bigint;
  size: bigint;
  inode: bigint;
  /** Hex. */
  attributes: string;
  content: string;
}

export type IndexRow =
  | EntryRow
  /** Digests in hex, one for each block from the offset on. */
  | { type: 'blocks'; offset: number; digests: string[] }
  | { type: 'last'; size: number };

/** @throws FatalError ArchiveDamaged */
export function* readRows(section: Buffer): Generator<IndexRow> {
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > section.length - at) throw archiveDamaged('The index ends within a row');
    at += length;
    return section.subarray(at - length, at);
  };
  while (at < section.length) {
    const type = section.readUInt8(at);
    if (type === TYPES.entry) yield readEntryRow(take);
    else if (type === TYPES.blocks) {
      const fixed = take(BLOCKS_FIXED);
      const digests = Array.from({ length: fixed.readUInt32LE(4) }, () => take(DIGEST).toString('hex'));
      yield { type: 'blocks', offset: Number(fixed.readBigUInt64LE(8)), digests };
    } else if (type === TYPES.last) yield { type: 'last', size: take(LAST_LENGTH).readUIntLE(1, 6) };
    else throw archiveDamaged(`The index holds a row of unknown type ${type}`);
  }
}

function readEntryRow(take: (length: number) => Buffer): EntryRow {
  const fixed = take(ENTRY_FIXED);
  const kind = Object.entries(ENTRY_KINDS).find(([, number]) => number === fixed.readUInt8(1))?.[0];
  if (!kind) throw archiveDamaged('The index holds an entry of unknown kind');
  const flags = fixed.readUInt8(2);
  const nanoseconds = (seconds: number, nanos: number) =>
    fixed.readBigInt64LE(seconds) * 1_000_000_000n + BigInt(fixed.readUInt32LE(nanos));
  return {
    type: 'entry',
    kind: kind as EntryKind,
    path: take(fixed.readUInt32LE(4)).toString('latin1'),
    unchanged: (flags & FLAGS.unchanged) !== 0,
    inBlocks: (flags & FLAGS.inBlocks) !== 0,
    continued: (flags & FLAGS.continued) !== 0,
    mode: fixed.readUInt32LE(8),
    uid: fixed.readUInt32LE(12),
    gid: fixed.readUInt32LE(16),
    mtime: nanoseconds(24, 20),
    ctime: nanoseconds(32, 40),
    size: fixed.readBigUInt64LE(56),
    inode: fixed.readBigUInt64LE(64),
    attributes: fixed.toString('hex', 72, 88),
    content: fixed.toString('hex', 88, 104),
  };
}
