import { archiveDamaged } from '../archive-errors.ts';
import { assertSafePath, type BytePath, MAX_PATH } from './byte-path.ts';

/**
 * The body of a pack is a run of records; see docs/archive-format.md. Written from that document and not from the native core, so that
 * two readings of the format stand against each other.
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

const TYPES = { entry: 1, end: 2, hole: 3, remove: 4, base: 5 } as const;
const FLAGS = { first: 1, last: 2, patch: 4 } as const;
const ENTRY_FIXED = 64;
const REMOVE_FIXED = 8;
const HOLE_LENGTH = 24;
const BASE_LENGTH = 40;
const END_LENGTH = 40;

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
  patch: boolean;
  offset: number;
  attributes: { name: string; value: Buffer }[];
  /** File data; target of a symbolic link; path of the first name of a hard link. */
  data: Buffer;
}

/** What the archive holds up to and including this pack; the last record of each. */
export interface EndRecord {
  type: 'end';
  entries: number;
  files: number;
  bytes: number;
  warnings: number;
}

export type ArchiveRecord =
  | EntryRecord
  | EndRecord
  | { type: 'hole'; offset: number; length: number }
  | { type: 'remove'; path: BytePath }
  | { type: 'base'; digest: Buffer };

export function encodeRecord(record: ArchiveRecord): Buffer {
  switch (record.type) {
    case 'entry':
      return encodeEntry(record);
    case 'end':
      return encodeWords(END_LENGTH, TYPES.end, [record.entries, record.files, record.bytes, record.warnings]);
    case 'hole':
      return encodeWords(HOLE_LENGTH, TYPES.hole, [record.offset, record.length]);
    case 'remove': {
      const fixed = Buffer.alloc(REMOVE_FIXED);
      fixed.writeUInt8(TYPES.remove, 0);
      fixed.writeUInt32LE(record.path.length, 4);
      return Buffer.concat([fixed, Buffer.from(record.path, 'latin1')]);
    }
    case 'base':
      return Buffer.concat([Buffer.from([TYPES.base, 0, 0, 0, 0, 0, 0, 0]), record.digest]);
  }
}

function encodeWords(length: number, type: number, words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt8(type, 0);
  for (const [index, word] of words.entries()) bytes.writeBigUInt64LE(BigInt(word), 8 + 8 * index);
  return bytes;
}

function encodeEntry(entry: EntryRecord): Buffer {
  const path = Buffer.from(entry.path, 'latin1');
  const attributes = Buffer.concat(entry.attributes.map(encodeAttribute));
  const fixed = Buffer.alloc(ENTRY_FIXED);
  fixed.writeUInt8(TYPES.entry, 0);
  fixed.writeUInt8(ENTRY_KINDS[entry.kind], 1);
  fixed.writeUInt8((entry.first ? FLAGS.first : 0) | (entry.last ? FLAGS.last : 0) | (entry.patch ? FLAGS.patch : 0), 2);
  fixed.writeUInt32LE(entry.mode, 4);
  fixed.writeUInt32LE(entry.uid, 8);
  fixed.writeUInt32LE(entry.gid, 12);
  fixed.writeBigInt64LE(entry.mtimeSeconds, 16);
  fixed.writeUInt32LE(entry.mtimeNanos, 24);
  fixed.writeUInt32LE(path.length, 28);
  fixed.writeBigUInt64LE(BigInt(entry.size), 32);
  fixed.writeBigUInt64LE(BigInt(entry.offset), 40);
  fixed.writeUInt32LE(entry.data.length, 48);
  fixed.writeUInt32LE(attributes.length, 52);
  fixed.writeUInt32LE(entry.major, 56);
  fixed.writeUInt32LE(entry.minor, 60);
  return Buffer.concat([fixed, path, attributes, entry.data]);
}

function encodeAttribute({ name, value }: { name: string; value: Buffer }): Buffer {
  const fixed = Buffer.alloc(6);
  fixed.writeUInt16LE(Buffer.byteLength(name), 0);
  fixed.writeUInt32LE(value.length, 2);
  return Buffer.concat([fixed, Buffer.from(name), value]);
}

/**
 * Reads a pack's records. Lengths, paths and the place of the END record are checked here; order is the reader's business.
 * @throws FatalError ArchiveDamaged
 */
export function* readRecords(plain: Buffer, what: string): Generator<ArchiveRecord> {
  let at = 0;
  const take = (length: number): Buffer => {
    if (length > plain.length - at) throw archiveDamaged(`${what} ends within a record`);
    at += length;
    return plain.subarray(at - length, at);
  };
  const word = (from: Buffer, index: number) => safeNumber(from.readBigUInt64LE(8 + 8 * index), what);
  while (at < plain.length) {
    const type = plain.readUInt8(at);
    if (type === TYPES.end) {
      const end = take(END_LENGTH);
      if (at !== plain.length) throw archiveDamaged(`${what} does not end where its last record does`);
      yield { type: 'end', entries: word(end, 0), files: word(end, 1), bytes: word(end, 2), warnings: word(end, 3) };
      return;
    }
    if (type === TYPES.entry) {
      yield readEntry(take, what);
    } else if (type === TYPES.hole) {
      const hole = take(HOLE_LENGTH);
      yield { type: 'hole', offset: word(hole, 0), length: word(hole, 1) };
    } else if (type === TYPES.remove) {
      const path = take(take(REMOVE_FIXED).readUInt32LE(4)).toString('latin1');
      assertSafePath(path);
      yield { type: 'remove', path };
    } else if (type === TYPES.base) {
      yield { type: 'base', digest: take(BASE_LENGTH).subarray(8) };
    } else throw archiveDamaged(`${what} holds a record of unknown type ${type}`);
  }
  throw archiveDamaged(`${what} has no last record`);
}

function readEntry(take: (length: number) => Buffer, what: string): EntryRecord {
  const fixed = take(ENTRY_FIXED);
  const kind = KIND_NAMES.get(fixed.readUInt8(1));
  if (!kind) throw archiveDamaged(`${what} holds an entry of unknown kind ${fixed.readUInt8(1)}`);
  const pathLength = fixed.readUInt32LE(28);
  if (pathLength > MAX_PATH) throw archiveDamaged(`${what} holds a path that is too long`);
  const path = take(pathLength).toString('latin1');
  const isRoot = path === '' && (kind === 'directory' || kind === 'image');
  if (!isRoot) assertSafePath(path);
  const flags = fixed.readUInt8(2);
  const attributes = readAttributes(take(fixed.readUInt32LE(52)), what);
  return {
    type: 'entry',
    kind,
    path,
    first: (flags & FLAGS.first) !== 0,
    last: (flags & FLAGS.last) !== 0,
    patch: (flags & FLAGS.patch) !== 0,
    mode: fixed.readUInt32LE(4),
    uid: fixed.readUInt32LE(8),
    gid: fixed.readUInt32LE(12),
    mtimeSeconds: fixed.readBigInt64LE(16),
    mtimeNanos: fixed.readUInt32LE(24),
    size: safeNumber(fixed.readBigUInt64LE(32), what),
    offset: safeNumber(fixed.readBigUInt64LE(40), what),
    major: fixed.readUInt32LE(56),
    minor: fixed.readUInt32LE(60),
    attributes,
    data: take(fixed.readUInt32LE(48)),
  };
}

function readAttributes(encoded: Buffer, what: string): { name: string; value: Buffer }[] {
  const attributes: { name: string; value: Buffer }[] = [];
  for (let at = 0; at < encoded.length; ) {
    const nameAt = at + 6;
    const valueAt = nameAt + encoded.readUInt16LE(at);
    const end = valueAt + encoded.readUInt32LE(at + 2);
    if (end > encoded.length) throw archiveDamaged(`${what} holds an attribute that is cut`);
    attributes.push({ name: encoded.toString('utf8', nameAt, valueAt), value: encoded.subarray(valueAt, end) });
    at = end;
  }
  return attributes;
}

function safeNumber(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw archiveDamaged(`${what} holds a number that is too large`);
  return Number(value);
}
