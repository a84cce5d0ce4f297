import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { GodwitError } from '@godwit/contracts/errors';
import { archiveDamaged } from './archive-errors.ts';
import { compressBody, compressBodySync, decompressBody, decompressBodySync } from './compression.ts';
import { releaseMemory } from './release-memory.ts';
import {
  bindingOf,
  decodeHeader,
  encodeHeader,
  HEADER_LENGTH,
  KINDS,
  type SealedHeader,
  type SealedKind,
  TAG_LENGTH,
} from './sealed-header.ts';

const ALGORITHM = 'aes-256-gcm';
const KEY_LENGTH = 32;
/** `cipher.update` is three times as fast in pieces that stay in the cache. */
const PIECE = 256 * 1024;
const MAX_BLOB = 1 << 30;

export const DIGEST_LENGTH = 32;
/** Chain value before the first pack. */
export const CHAIN_START = Buffer.alloc(DIGEST_LENGTH);
export const drawSalt = (): Buffer => randomBytes(32);

/** @returns the keyed digest of a plain body; without the run's key nobody can tell from it what a volume holds. */
export function digestPlain(key: Uint8Array, name: string, plain: Uint8Array): Buffer {
  return createHmac('sha256', deriveKey(key, Buffer.alloc(0), `digest ${name}`))
    .update(plain)
    .digest();
}

/** Each value depends on every digest before it: packs that are swapped, missing or of another copy break the chain. */
export function nextChain(chain: Buffer, digest: Buffer): Buffer {
  return createHash('sha256').update(chain).update(digest).digest();
}

export interface SealRequest {
  /** Key of the run. */
  key: Uint8Array;
  kind: SealedKind;
  /** Volume id or blob's name. */
  name: string;
  number: number;
  startedAt: number;
  salt: Buffer;
  digest: Buffer;
  chain: Buffer;
}

/** Compresses (on Node's threads) and seals. `plain` may be reused when it has settled. */
export async function sealPlain(request: SealRequest, plain: Buffer): Promise<Buffer> {
  const body = await compressBody(plain);
  const sealed = encrypt(request, plain.length, body);
  for (const part of body) if (part.buffer !== plain.buffer) releaseMemory(part);
  return sealed;
}

/**
 * Opens in place: `sealed` is used up.
 * @param what the object, for people
 * @throws FatalError ArchiveDamaged
 */
export async function openSealed(
  key: Uint8Array,
  kind: SealedKind,
  name: string,
  sealed: Buffer,
  limits: { maxPlain: number; what: string },
): Promise<{ header: SealedHeader; plain: Buffer }> {
  const { header, body } = decrypt(key, kind, name, sealed, { ...limits, inPlace: true });
  const plain = await decompressBody(body, header.plainLength, limits.what).catch((error) =>
    rethrowAsDamaged(error, limits.what),
  );
  releaseMemory(sealed);
  assertDigest(key, name, header, plain, limits.what);
  return { header, plain };
}

/**
 * Compresses and seals one object of the archive that is not a pack (the captured resources, for instance).
 * @param key key of the run, 32 bytes
 * @param name what the object is; it opens under this name only
 */
export function sealBlob(key: Uint8Array, name: string, plain: Uint8Array): Buffer {
  if (plain.length > MAX_BLOB)
    throw new RangeError(`"${name}" has ${plain.length} bytes; at most ${MAX_BLOB} can be sealed as one`);
  const bytes = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
  const digest = digestPlain(key, name, bytes);
  const request: SealRequest = {
    key,
    kind: 'blob',
    name,
    number: 0,
    startedAt: Date.now(),
    salt: drawSalt(),
    digest,
    chain: CHAIN_START,
  };
  return encrypt(request, bytes.length, compressBodySync(bytes));
}

/** @throws FatalError `ArchiveDamaged` when it was changed, cut, sealed with another key or under another name. */
export function openBlob(key: Uint8Array, name: string, sealed: Uint8Array): Buffer {
  const what = `The archive's "${name}"`;
  const { header, body } = decrypt(key, 'blob', name, Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength), {
    maxPlain: MAX_BLOB,
    what,
  });
  let plain: Buffer;
  try {
    plain = decompressBodySync(body, header.plainLength, what);
  } catch (error) {
    return rethrowAsDamaged(error, what);
  }
  assertDigest(key, name, header, plain, what);
  return plain;
}

function encrypt(request: SealRequest, plainLength: number, body: readonly Buffer[]): Buffer {
  const bodyLength = body.reduce((sum, part) => sum + part.length, 0);
  const header = encodeHeader({ ...request, plainLength, bodyLength, binding: bindingOf(request.name) });
  const cipher = createCipheriv(ALGORITHM, sealingKey(request), nonceOf(request.kind, request.number));
  cipher.setAAD(header);
  const sealed = Buffer.allocUnsafeSlow(HEADER_LENGTH + bodyLength + TAG_LENGTH);
  header.copy(sealed);
  let at = HEADER_LENGTH;
  for (const part of body) {
    for (let start = 0; start < part.length; start += PIECE) {
      at += moveInto(cipher.update(part.subarray(start, start + PIECE)), sealed, at);
    }
  }
  cipher.final();
  cipher.getAuthTag().copy(sealed, at);
  return sealed;
}

function decrypt(
  key: Uint8Array,
  kind: SealedKind,
  name: string,
  sealed: Buffer,
  { maxPlain, what, inPlace = false }: { maxPlain: number; what: string; inPlace?: boolean },
): { header: SealedHeader; body: Buffer } {
  const header = decodeHeader(sealed, kind, what);
  if (sealed.length !== HEADER_LENGTH + header.bodyLength + TAG_LENGTH) {
    throw archiveDamaged(`${what} is cut or grown: it has ${sealed.length} bytes`);
  }
  if (header.plainLength > maxPlain) throw archiveDamaged(`${what} says that it holds ${header.plainLength} bytes`);
  if (!header.binding.equals(bindingOf(name))) throw archiveDamaged(`${what} belongs to something else in the archive`);
  const decipher = createDecipheriv(ALGORITHM, sealingKey({ key, name, salt: header.salt }), nonceOf(kind, header.number));
  decipher.setAAD(sealed.subarray(0, HEADER_LENGTH));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH));
  const end = HEADER_LENGTH + header.bodyLength;
  const body = inPlace ? sealed.subarray(HEADER_LENGTH, end) : Buffer.allocUnsafeSlow(header.bodyLength);
  for (let start = 0; start < header.bodyLength; start += PIECE) {
    const piece = sealed.subarray(HEADER_LENGTH + start, Math.min(end, HEADER_LENGTH + start + PIECE));
    moveInto(decipher.update(piece), body, start);
  }
  try {
    decipher.final();
  } catch (cause) {
    throw archiveDamaged(`${what} is damaged or was not sealed with this run's key`, cause);
  }
  return { header, body };
}

function moveInto(piece: Buffer, whole: Buffer, at: number): number {
  const copied = piece.copy(whole, at);
  releaseMemory(piece);
  return copied;
}

function assertDigest(key: Uint8Array, name: string, header: SealedHeader, plain: Buffer, what: string): void {
  if (!digestPlain(key, name, plain).equals(header.digest)) throw archiveDamaged(`${what} does not match its digest`);
}

function rethrowAsDamaged(error: unknown, what: string): never {
  if (error instanceof GodwitError) throw error;
  throw archiveDamaged(`${what} cannot be decompressed`, error);
}

/** Every writer has its own key, by its salt, so a nonce that only counts never repeats under one key, whatever crashed before. */
function sealingKey({ key, name, salt }: { key: Uint8Array; name: string; salt: Buffer }): Buffer {
  return deriveKey(key, salt, `seal ${name}`);
}

function deriveKey(key: Uint8Array, salt: Buffer, purpose: string): Buffer {
  if (key.length !== KEY_LENGTH) throw new RangeError(`The run's key has ${key.length} bytes instead of ${KEY_LENGTH}`);
  return Buffer.from(hkdfSync('sha256', key, salt, `godwit archive v1 ${purpose}`, KEY_LENGTH));
}

function nonceOf(kind: SealedKind, number: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(number, 0);
  nonce.writeUInt8(KINDS[kind], 4);
  return nonce;
}
