import { createCipheriv, createDecipheriv } from 'node:crypto';
import { blake3 } from '@noble/hashes/blake3.js';
import { archiveDamaged } from '../archive-errors.ts';
import type { ArchiveIdentity } from '../archive-identity.ts';
import { compressBody, decompressBody } from '../compression.ts';
import { digestKey, drawSalt, sealingKey } from '../seal.ts';
import { bindingOf, decodeHeader, encodeHeader, HEADER_LENGTH, type SealedHeader, TAG_LENGTH } from '../sealed-header.ts';

/** Packs are sealed and opened by the native core; this is the same in TypeScript, from docs/archive-format.md alone. */
const ALGORITHM = 'aes-256-gcm';
const INDEX_PLAIN_AT = 144;
/** What tells the nonces of a pack's body and of its index apart. */
const NONCE_KINDS = { body: 1, index: 4 } as const;

/** The library wipes the key that it is given, when it is a buffer of Node's: it gets a copy. */
export function keyedBlake3(key: Uint8Array, bytes: Uint8Array): Buffer {
  return Buffer.from(blake3(bytes, { key: Uint8Array.from(key) }));
}

export function packDigest({ key, volumeId }: ArchiveIdentity, plain: Uint8Array): Buffer {
  return keyedBlake3(digestKey(key, volumeId), plain);
}

export interface PlainParts {
  number: number;
  startedAt: number;
  chain: Buffer;
  base: Buffer;
  body: Buffer;
  index: Buffer;
}

export function sealPack(identity: ArchiveIdentity, { body, index, ...facts }: PlainParts): Buffer {
  const salt = drawSalt();
  const [compressedBody, compressedIndex] = [compressBody(body), compressBody(index)];
  const header = encodeHeader({
    ...facts,
    kind: 'pack',
    salt,
    binding: bindingOf(identity.volumeId),
    digest: packDigest(identity, body),
    plainLength: body.length,
    bodyLength: compressedBody.length,
    indexLength: index.length > 0 ? compressedIndex.length + TAG_LENGTH : 0,
  });
  header.writeUInt32LE(index.length, INDEX_PLAIN_AT);
  const seal = (kind: keyof typeof NONCE_KINDS, bytes: Buffer) => {
    const key = sealingKey(identity.key, identity.volumeId, salt);
    const cipher = createCipheriv(ALGORITHM, key, nonceOf(facts.number, kind)).setAAD(header);
    return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  };
  return Buffer.concat([header, index.length > 0 ? seal('index', compressedIndex) : index, seal('body', compressedBody)]);
}

/** @throws FatalError ArchiveDamaged */
export function openPack(
  identity: ArchiveIdentity,
  sealed: Buffer,
  what: string,
): { header: SealedHeader; body: Buffer; index: Buffer } {
  const header = decodeHeader(sealed, 'pack', what);
  const aad = sealed.subarray(0, HEADER_LENGTH);
  const open = (kind: keyof typeof NONCE_KINDS, bytes: Buffer) => {
    const key = sealingKey(identity.key, identity.volumeId, header.salt);
    const decipher = createDecipheriv(ALGORITHM, key, nonceOf(header.number, kind)).setAAD(aad);
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_LENGTH));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_LENGTH)), decipher.final()]);
  };
  const bodyAt = HEADER_LENGTH + header.indexLength;
  const body = decompressBody(open('body', sealed.subarray(bodyAt)), header.plainLength, what);
  if (!packDigest(identity, body).equals(header.digest)) throw archiveDamaged(`${what} does not match its digest`);
  const indexPlain = sealed.readUInt32LE(INDEX_PLAIN_AT);
  const index = header.indexLength > 0 ? open('index', sealed.subarray(HEADER_LENGTH, bodyAt)) : Buffer.alloc(0);
  return { header, body, index: decompressBody(index, indexPlain, `The index of ${what}`) };
}

function nonceOf(number: number, kind: keyof typeof NONCE_KINDS): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(number, 0);
  nonce.writeUInt8(NONCE_KINDS[kind], 4);
  return nonce;
}
