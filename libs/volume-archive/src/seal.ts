import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { archiveDamaged } from './archive-errors.ts';
import { compressBody, decompressBody } from './compression.ts';
import {
  bindingOf,
  decodeHeader,
  encodeHeader,
  HEADER_LENGTH,
  KINDS,
  NO_BASE,
  type SealedHeader,
  type SealedKind,
  TAG_LENGTH,
} from './sealed-header.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_LENGTH = 32;
/** `cipher.update` is three times as fast in pieces that stay in the cache. */
const PIECE = 256 * 1024;
const MAX_BLOB = 1 << 30;

const DIGEST_LENGTH = 32;
/** Chain value before the first pack. */
export const CHAIN_START = Buffer.alloc(DIGEST_LENGTH);
export const drawSalt = (): Buffer => randomBytes(32);

/** @returns the key of a writer's packs: each start of a writer draws its own salt. */
export function sealingKey(key: Uint8Array, name: string, salt: Uint8Array): Buffer {
  return deriveKey(key, salt, `seal ${name}`);
}

/** @returns the key of the digests of a volume's plain packs: without it nobody can tell from a digest what a volume holds. */
export function digestKey(key: Uint8Array, name: string): Buffer {
  return deriveKey(key, Buffer.alloc(0), `digest ${name}`);
}

/** @returns the key of the digests in an index; a delta goes on with that of its base, so that both can be compared. */
export function indexKey(key: Uint8Array, name: string): Buffer {
  return deriveKey(key, Buffer.alloc(0), `index ${name}`);
}

/** Each value depends on every digest before it: packs that are swapped, missing or of another copy break the chain. */
export function nextChain(chain: Buffer, digest: Buffer): Buffer {
  return createHash('sha256').update(chain).update(digest).digest();
}

/**
 * Compresses and seals one object of the archive that is not a pack (the captured resources, for instance).
 * @param key key of the run, 32 bytes
 * @param name what the object is; it opens under this name only
 */
export function sealBlob(key: Uint8Array, name: string, plain: Uint8Array): Buffer {
  if (plain.length > MAX_BLOB)
    throw new RangeError(`"${name}" has ${plain.length} bytes; at most ${MAX_BLOB} can be sealed as one`);
  return sealBytes(key, { kind: 'blob', name, number: 0, startedAt: Date.now(), chain: CHAIN_START, base: NO_BASE }, plain);
}

/** @throws FatalError `ArchiveDamaged` when it was changed, cut, sealed with another key or under another name. */
export function openBlob(key: Uint8Array, name: string, sealed: Uint8Array): Buffer {
  return openBytes(key, 'blob', name, sealed, { maxPlain: MAX_BLOB, what: `The archive's "${name}"` }).plain;
}

export interface SealFacts {
  kind: Exclude<SealedKind, 'pack'>;
  /** Volume id or blob's name. */
  name: string;
  number: number;
  startedAt: number;
  chain: Buffer;
  base: Buffer;
}

/** Seals a small object in one go. Packs are sealed by the native core, in the same form. */
export function sealBytes(key: Uint8Array, facts: SealFacts, plain: Uint8Array): Buffer {
  const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
  const body = compressBody(bytes);
  const salt = drawSalt();
  const header = encodeHeader({
    ...facts,
    salt,
    digest: digestOf(key, facts.name, bytes),
    plainLength: bytes.length,
    bodyLength: body.length,
    binding: bindingOf(facts.name),
    indexLength: 0,
  });
  const cipher = createCipheriv(ALGORITHM, sealingKey(key, facts.name, salt), nonceOf(facts.kind, facts.number));
  cipher.setAAD(header);
  return Buffer.concat([header, ...inPieces(body, (piece) => cipher.update(piece)), cipher.final(), cipher.getAuthTag()]);
}

/**
 * @param what the object, for people
 * @throws FatalError ArchiveDamaged
 */
export function openBytes(
  key: Uint8Array,
  kind: Exclude<SealedKind, 'pack'>,
  name: string,
  sealed: Uint8Array,
  { maxPlain, what }: { maxPlain: number; what: string },
): { header: SealedHeader; plain: Buffer } {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const header = decodeHeader(bytes, kind, what);
  if (bytes.length !== HEADER_LENGTH + header.bodyLength + TAG_LENGTH || header.indexLength !== 0) {
    throw archiveDamaged(`${what} is cut or grown: it has ${bytes.length} bytes`);
  }
  if (header.plainLength > maxPlain) throw archiveDamaged(`${what} says that it holds ${header.plainLength} bytes`);
  if (!header.binding.equals(bindingOf(name))) throw archiveDamaged(`${what} belongs to something else in the archive`);
  const decipher = createDecipheriv(ALGORITHM, sealingKey(key, name, header.salt), nonceOf(kind, header.number));
  decipher.setAAD(bytes.subarray(0, HEADER_LENGTH));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_LENGTH));
  const body = Buffer.concat(inPieces(bytes.subarray(HEADER_LENGTH, -TAG_LENGTH), (piece) => decipher.update(piece)));
  try {
    decipher.final();
  } catch (cause) {
    throw archiveDamaged(`${what} is damaged or was not sealed with this run's key`, cause);
  }
  const plain = decompressBody(body, header.plainLength, what);
  if (!digestOf(key, name, plain).equals(header.digest)) throw archiveDamaged(`${what} does not match its digest`);
  return { header, plain };
}

/** Closing objects and blobs are digested by what Node has; packs by BLAKE3. */
function digestOf(key: Uint8Array, name: string, plain: Uint8Array): Buffer {
  return createHmac('sha256', digestKey(key, name)).update(plain).digest();
}

function inPieces(bytes: Buffer, update: (piece: Buffer) => Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += PIECE) pieces.push(update(bytes.subarray(start, start + PIECE)));
  return pieces;
}

function deriveKey(key: Uint8Array, salt: Uint8Array, purpose: string): Buffer {
  if (key.length !== KEY_LENGTH) throw new RangeError(`The run's key has ${key.length} bytes instead of ${KEY_LENGTH}`);
  return Buffer.from(hkdfSync('sha256', key, salt, `godwit archive v1 ${purpose}`, KEY_LENGTH));
}

function nonceOf(kind: SealedKind, number: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(number, 0);
  nonce.writeUInt8(KINDS[kind], 4);
  return nonce;
}
