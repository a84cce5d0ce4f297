import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { RetryableError } from '@godwit/contracts/errors';

const ALGORITHM = 'aes-256-gcm';
const TAG_LENGTH = 16;
/** Objects as JSON repeat themselves much: the fastest level makes them a tenth. */
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

interface Chunk {
  position: number;
  length: number;
  lines: number;
}

/**
 * Lines that are written once and then read back in the same order, without being held in memory.
 *
 * They lie in a file that has no name any more, so that it ends with the process, and are encrypted by a key that is never
 * stored: they are users' objects, with their Secrets.
 */
export class Spool {
  private readonly key = randomBytes(32);
  private readonly chunks: Chunk[] = [];
  private end = 0;
  private lines = 0;

  private constructor(private readonly file: FileHandle) {}

  /** @param directory where there is room for the lines, which take about a tenth of their length there */
  static async open(directory = tmpdir()): Promise<Spool> {
    const path = join(directory, `godwit-${randomBytes(12).toString('hex')}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return new Spool(file);
  }

  /**
   * May be called by several at once.
   * @param lines without line breaks
   * @returns the number of the first of them, from 0; the others follow it
   * @throws RetryableError `SpoolFull`
   */
  async append(lines: readonly string[]): Promise<number> {
    if (lines.length === 0) return this.lines;
    const first = this.lines;
    const sealed = this.seal(this.chunks.length, Buffer.from(lines.join('\n')));
    const chunk = { position: this.end, length: sealed.length, lines: lines.length };
    // Its place is taken before anything is awaited, so that others write beside it.
    this.chunks.push(chunk);
    this.end += sealed.length;
    this.lines += lines.length;
    await this.write(sealed, chunk.position);
    return first;
  }

  /**
   * Reads lines back, in their order.
   * @param isWanted told the number of each line; parts of the file without a wanted one are not read
   */
  async *read(isWanted: (line: number) => boolean): AsyncGenerator<{ line: number; text: string }> {
    let first = 0;
    for (const [index, chunk] of this.chunks.entries()) {
      const wanted: number[] = [];
      for (let offset = 0; offset < chunk.lines; offset++) if (isWanted(first + offset)) wanted.push(offset);
      if (wanted.length > 0) {
        const texts = (await this.open(index, chunk)).toString('utf8').split('\n');
        for (const offset of wanted) yield { line: first + offset, text: texts[offset] ?? '' };
      }
      first += chunk.lines;
    }
  }

  async close(): Promise<void> {
    this.key.fill(0);
    await this.file.close();
  }

  private seal(index: number, plain: Buffer): Buffer {
    const cipher = createCipheriv(ALGORITHM, this.key, nonceOf(index));
    return Buffer.concat([cipher.update(zstdCompressSync(plain, FAST)), cipher.final(), cipher.getAuthTag()]);
  }

  private async open(index: number, { position, length }: Chunk): Promise<Buffer> {
    const sealed = Buffer.allocUnsafe(length);
    await this.file.read(sealed, 0, length, position);
    const decipher = createDecipheriv(ALGORITHM, this.key, nonceOf(index));
    decipher.setAuthTag(sealed.subarray(length - TAG_LENGTH));
    return zstdDecompressSync(Buffer.concat([decipher.update(sealed.subarray(0, length - TAG_LENGTH)), decipher.final()]));
  }

  private async write(bytes: Buffer, position: number): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      try {
        const { bytesWritten } = await this.file.write(bytes, written, bytes.length - written, position + written);
        written += bytesWritten;
      } catch (cause) {
        throw (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? full(cause) : cause;
      }
    }
  }
}

function full(cause: unknown): RetryableError {
  return new RetryableError('SpoolFull', `there is no more room in ${tmpdir()} for the objects that were listed`, {
    cause,
    cure: 'Give the snapshot service more temporary space (an emptyDir at /tmp, or another place by TMPDIR): a fifth of what all objects of the selected namespaces take as JSON is enough.',
  });
}

function nonceOf(index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(index);
  return nonce;
}
