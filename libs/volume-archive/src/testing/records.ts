import { archiveDamaged } from './archive-errors.ts';
import { assertSafePath, type BytePath, MAX_PATH } from './path-bytes.ts';

/**
 * The body of a pack is a run of records; see docs/archive-format.md. An entry is one record (FIRST and LAST), or, for a large
 * file, an empty FIRST, any number of pieces at rising offsets, and an empty LAST that has the final say on size and metadata.
 */
export const ENTRY_KINDS = {
  file: 1,
  directory: 2,
  symlink: 3,
  hardlink: 4,
  fifo: 5,
  characterDevice: 6,
  blockDevice: 7,
  /** The whole volume of a block volume archive. */
  image: 8,
} as const;
export type EntryKind = keyof typeof ENTRY_KINDS;
const KIND_NAMES = new Map<number, EntryKind>(Object.entries(ENTRY_KINDS).map(([name, value]) => [value, name as EntryKind]));

const ENTRY = 1;
const END = 2;
const FIRST = 1;
const LAST = 2;
const FIXED_LENGTH = 64;
export const END_LENGTH = 40;

export interface EntryMeta {
  kind: EntryKind;
  path: BytePath;
  /** Permission bits with setuid, setgid and sticky. */
  mode: number;
  uid: number;
  gid: number;
  mtimeSeconds: bigint;
  mtimeNanos: number;
  /** File and image: the whole length, holes included. Else 0. */
  size: number;
  /** Devices only. */
  major: number;
  minor: number;
}

export interface EntryRecord extends EntryMeta {
  type: 'entry';
  first: boolean;
  last: boolean;
  offset: number;
  /** File data; target of a symbolic link; path of the first name of a hard link. A view of the pack. */
  data: Buffer;
  /** Extended attributes, encoded; this engine neither writes nor lays them. A view of the pack. */
  attributes: Buffer;
}

/** What the archive holds up to and including this pack; the last record of each. */
export interface EndRecord {
  type: 'end';
  entries: number;
  files: number;
  bytes: number;
  warnings: number;
}

export const recordLength = (meta: EntryMeta, dataLength: number): number => FIXED_LENGTH + meta.path.length + dataLength;

/** Writes all of an entry's record but its data, which goes to the returned position. */
export function writeEntryHead(
  into: Buffer,
  at: number,
  meta: EntryMeta,
  part: { first: boolean; last: boolean; offset: number; dataLength: number },
): number {
  into.fill(0, at, at + FIXED_LENGTH);
  into.writeUInt8(ENTRY, at);
  into.writeUInt8(ENTRY_KINDS[meta.kind], at + 1);
  into.writeUInt8((part.first ? FIRST : 0) | (part.last ? LAST : 0), at + 2);
  into.writeUInt32LE(meta.mode, at + 4);
  into.writeUInt32LE(meta.uid, at + 8);
  into.writeUInt32LE(meta.gid, at + 12);
  into.writeBigInt64LE(meta.mtimeSeconds, at + 16);
  into.writeUInt32LE(meta.mtimeNanos, at + 24);
  into.writeUInt32LE(meta.path.length, at + 28);
  into.writeBigUInt64LE(BigInt(meta.size), at + 32);
  into.writeBigUInt64LE(BigInt(part.offset), at + 40);
  into.writeUInt32LE(part.dataLength, at + 48);
  into.writeUInt32LE(meta.major, at + 56);
  into.writeUInt32LE(meta.minor, at + 60);
  into.write(meta.path, at + FIXED_LENGTH, 'latin1');
  return at + FIXED_LENGTH + meta.path.length;
}

export function writeEnd(into: Buffer, at: number, end: Omit<EndRecord, 'type'>): number {
  into.fill(0, at, at + END_LENGTH);
  into.writeUInt8(END, at);
  [end.entries, end.files, end.bytes, end.warnings].forEach((value, index) => {
    into.writeBigUInt64LE(BigInt(value), at + 8 + 8 * index);
  });
  return at + END_LENGTH;
}

/**
 * Reads a pack's records. Lengths, paths and the place of the END record are checked here; order is the reader's business.
 * @throws FatalError ArchiveDamaged
 */
export function* readRecords(plain: Buffer, what: string): Generator<EntryRecord | EndRecord> {
  let at = 0;
  while (at < plain.length) {
    const type = plain.readUInt8(at);
    if (type === END) {
      if (plain.length - at !== END_LENGTH) throw archiveDamaged(`${what} does not end where its last record does`);
      const value = (index: number) => safeNumber(plain.readBigUInt64LE(at + 8 + 8 * index), what);
      yield { type: 'end', entries: value(0), files: value(1), bytes: value(2), warnings: value(3) };
      return;
    }
    if (type !== ENTRY) throw archiveDamaged(`${what} holds a record of unknown type ${type}`);
    const record = readEntry(plain, at, what);
    at += FIXED_LENGTH + record.path.length + record.attributes.length + record.data.length;
    yield record;
  }
  throw archiveDamaged(`${what} has no last record`);
}

function readEntry(plain: Buffer, at: number, what: string): EntryRecord {
  const room = plain.length - at - FIXED_LENGTH;
  if (room < 0) throw archiveDamaged(`${what} ends within a record`);
  const kindNumber = plain.readUInt8(at + 1);
  const kind = KIND_NAMES.get(kindNumber);
  if (!kind) throw archiveDamaged(`${what} holds an entry of unknown kind ${kindNumber}`);
  const pathLength = plain.readUInt32LE(at + 28);
  const dataLength = plain.readUInt32LE(at + 48);
  const attributesLength = plain.readUInt32LE(at + 52);
  if (pathLength > MAX_PATH || pathLength + attributesLength + dataLength > room) {
    throw archiveDamaged(`${what} holds a record that is longer than the pack`);
  }
  const pathStart = at + FIXED_LENGTH;
  const attributesStart = pathStart + pathLength;
  const dataStart = attributesStart + attributesLength;
  const path = plain.toString('latin1', pathStart, attributesStart);
  const isRoot = path === '' && (kind === 'directory' || kind === 'image');
  if (!isRoot) assertSafePath(path);
  const flags = plain.readUInt8(at + 2);
  return {
    type: 'entry',
    kind,
    path,
    first: (flags & FIRST) !== 0,
    last: (flags & LAST) !== 0,
    mode: plain.readUInt32LE(at + 4) & 0o7777,
    uid: plain.readUInt32LE(at + 8),
    gid: plain.readUInt32LE(at + 12),
    mtimeSeconds: plain.readBigInt64LE(at + 16),
    mtimeNanos: plain.readUInt32LE(at + 24),
    size: safeNumber(plain.readBigUInt64LE(at + 32), what),
    offset: safeNumber(plain.readBigUInt64LE(at + 40), what),
    major: plain.readUInt32LE(at + 56),
    minor: plain.readUInt32LE(at + 60),
    attributes: plain.subarray(attributesStart, dataStart),
    data: plain.subarray(dataStart, dataStart + dataLength),
  };
}

function safeNumber(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw archiveDamaged(`${what} holds a number that is too large`);
  return Number(value);
}
