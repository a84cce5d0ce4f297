import { createHash } from 'node:crypto';
import { archiveDamaged } from './archive-errors.ts';

/** The clear text before every sealed body; see docs/archive-format.md. It is the associated data of the seal. */
export const HEADER_LENGTH = 160;
export const TAG_LENGTH = 16;
const MAGIC = Buffer.from('GODWITVA', 'latin1');
const VERSION = 1;
const BASE_AT = 152;
/** Of an archive that stands alone. */
export const NO_BASE = Buffer.alloc(8);

export const KINDS = { pack: 1, closing: 2, blob: 3 } as const;
export type SealedKind = keyof typeof KINDS;

export interface SealedHeader {
  kind: SealedKind;
  /** Pack: its number. Closing: how many packs there are. Blob: 0. */
  number: number;
  plainLength: number;
  /** Length of what is sealed (compressed), without the tag behind it. */
  bodyLength: number;
  /** When this copy began (its first pack), milliseconds since 1970. */
  startedAt: number;
  /** `bindingOf` the volume id, or the blob's name. */
  binding: Buffer;
  /** Of the writer: each start of a copy draws its own, and with it its own key. 32 bytes. */
  salt: Buffer;
  /** Keyed digest of the plain bytes. 32 bytes. */
  digest: Buffer;
  /** Chain value of all packs before this one. 32 bytes. */
  chain: Buffer;
  /** Length of the sealed index section before the body, its tag included. 0: none. */
  indexLength: number;
  /** First bytes of the digest of the archive that this one is based on; zeros: it stands alone. 8 bytes. */
  base: Buffer;
}

/** Tells apart "of another volume" and "damaged"; the seal itself is bound to the whole name by its key. */
export function bindingOf(name: string): Buffer {
  return createHash('sha256').update(name).digest().subarray(0, 16);
}

export function encodeHeader(header: SealedHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_LENGTH);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt16LE(VERSION, 8);
  bytes.writeUInt8(KINDS[header.kind], 10);
  bytes.writeUInt32LE(header.number, 12);
  bytes.writeUInt32LE(header.plainLength, 16);
  bytes.writeUInt32LE(header.bodyLength, 20);
  bytes.writeBigUInt64LE(BigInt(header.startedAt), 24);
  header.binding.copy(bytes, 32);
  header.salt.copy(bytes, 48);
  header.digest.copy(bytes, 80);
  header.chain.copy(bytes, 112);
  bytes.writeUInt32LE(header.indexLength, 148);
  header.base.copy(bytes, BASE_AT);
  return bytes;
}

/**
 * @param what the object, for people
 * @throws FatalError ArchiveDamaged when these are not the first bytes of a sealed object of this kind and version
 */
export function decodeHeader(bytes: Uint8Array, kind: SealedKind, what: string): SealedHeader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEADER_LENGTH) throw archiveDamaged(`${what} is cut: it has only ${buffer.length} bytes`);
  if (!buffer.subarray(0, 8).equals(MAGIC)) throw archiveDamaged(`${what} is not an object of a Godwit archive`);
  const version = buffer.readUInt16LE(8);
  if (version !== VERSION) throw archiveDamaged(`${what} has format version ${version}; this mover reads version ${VERSION}`);
  if (buffer.readUInt8(10) !== KINDS[kind]) throw archiveDamaged(`${what} is not a ${kind}`);
  const at = (start: number, end: number) => Buffer.from(buffer.subarray(start, end));
  return {
    kind,
    number: buffer.readUInt32LE(12),
    plainLength: buffer.readUInt32LE(16),
    bodyLength: buffer.readUInt32LE(20),
    startedAt: Number(buffer.readBigUInt64LE(24)),
    binding: at(32, 48),
    salt: at(48, 80),
    digest: at(80, 112),
    chain: at(112, 144),
    indexLength: buffer.readUInt32LE(148),
    base: at(BASE_AT, HEADER_LENGTH),
  };
}

/** @returns how long the whole object is that begins with this header. */
export function objectLength({ indexLength, bodyLength }: SealedHeader): number {
  return HEADER_LENGTH + indexLength + bodyLength + TAG_LENGTH;
}
