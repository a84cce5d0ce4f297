import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Envelope encryption of secrets at rest: each secret has a data key of its own, which the master key wraps. Rotation of
 * the master key so needs only the wrapped keys to be rewritten.
 *
 * Layout: version (1) | id of the master key (8) | nonce (12), wrapped data key (32), tag (16) | nonce (12), ciphertext, tag (16).
 * Both parts are bound to the purpose, so a sealed value cannot be moved to another row or column.
 */
const VERSION = 1;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const WRAPPED_AT = 1 + KEY_ID_BYTES;
const BODY_AT = WRAPPED_AT + NONCE_BYTES + KEY_BYTES + TAG_BYTES;

export class Sealer {
  private readonly keyId: Buffer;

  /** @param masterKey 32 bytes */
  constructor(private readonly masterKey: Buffer) {
    this.keyId = createHash('sha256').update('godwit master key id\0').update(masterKey).digest().subarray(0, KEY_ID_BYTES);
  }

  /** @param purpose what and whose it is: `cluster/<id>/kubeconfig` */
  seal(purpose: string, plain: Uint8Array | string): Buffer {
    const dataKey = randomBytes(KEY_BYTES);
    return Buffer.concat([
      Buffer.of(VERSION),
      this.keyId,
      encrypt(this.masterKey, purpose, dataKey),
      encrypt(dataKey, purpose, typeof plain === 'string' ? Buffer.from(plain) : plain),
    ]);
  }

  /** @throws Error if it was sealed for another purpose, by another master key, or has been changed */
  open(purpose: string, sealed: Uint8Array): Buffer {
    const bytes = Buffer.from(sealed);
    if (bytes[0] !== VERSION || bytes.length < BODY_AT + NONCE_BYTES + TAG_BYTES)
      throw new Error(`what is sealed as ${purpose} is not in a known form`);
    if (!bytes.subarray(1, WRAPPED_AT).equals(this.keyId)) {
      throw new Error(
        `what is sealed as ${purpose} was sealed by another master key: set GODWIT_MASTER_KEY to the one it was saved with`,
      );
    }
    try {
      const dataKey = decrypt(this.masterKey, purpose, bytes.subarray(WRAPPED_AT, BODY_AT));
      return decrypt(dataKey, purpose, bytes.subarray(BODY_AT));
    } catch {
      throw new Error(`what is sealed as ${purpose} has been changed, or was sealed for something else`);
    }
  }
}

function encrypt(key: Buffer, purpose: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, purpose: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(purpose));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
