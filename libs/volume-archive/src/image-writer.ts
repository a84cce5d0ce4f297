import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { FatalError } from '@godwit/contracts/errors';
import { archiveDamaged } from './archive-errors.ts';
import { PIECE, readFully } from './read-file-data.ts';
import type { EntryRecord } from './record.ts';
import { writeFully } from './tree-writer.ts';
import type { RecordSink } from './writing.ts';

const ZEROS = Buffer.alloc(PIECE);

/** Lays a device image. A device is not zero just because it is new, so holes are read, and zeroed where they are not. */
export class ImageWriter implements RecordSink {
  readonly #descriptor: number;
  readonly #isFile: boolean;
  readonly #piece = Buffer.allocUnsafeSlow(PIECE);
  #state: 'before' | 'within' | 'after' = 'before';
  /** All before here is as it should be. */
  #done = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, constants.O_RDWR);
    this.#isFile = fstatSync(this.#descriptor).isFile();
  }

  apply(record: EntryRecord): void {
    if (record.kind !== 'image') throw archiveDamaged('The archive is that of a Filesystem volume, and this is a Block volume');
    if (record.first !== (this.#state === 'before') || this.#state === 'after' || record.offset < this.#done) {
      throw archiveDamaged('The archive holds the pieces of the device out of order');
    }
    this.#state = record.last ? 'after' : 'within';
    this.#zeroUntil(record.offset);
    writeFully(this.#descriptor, record.data, record.offset);
    this.#done = record.offset + record.data.length;
    if (!record.last) return;
    if (record.size !== this.#done) throw archiveDamaged('The archive does not end where the device does');
    if (this.#isFile) ftruncateSync(this.#descriptor, record.size);
  }

  finish(): void {
    if (this.#state !== 'after') throw archiveDamaged('The archive leaves the device unfinished');
    fsyncSync(this.#descriptor);
  }

  dispose(): void {
    closeSync(this.#descriptor);
  }

  #zeroUntil(end: number): void {
    while (this.#done < end) {
      const wanted = Math.min(PIECE, end - this.#done);
      const got = readFully(this.#descriptor, this.#piece.subarray(0, wanted), this.#done);
      if (got < wanted && !this.#isFile) {
        throw new FatalError('NoSpace', `The destination device ends at ${this.#done + got} bytes, before that of the source`, {
          cure: 'Choose a larger size for this volume, then run again.',
        });
      }
      if (this.#piece.compare(ZEROS, 0, got, 0, got) !== 0) writeFully(this.#descriptor, ZEROS.subarray(0, got), this.#done);
      this.#done += wanted;
    }
  }
}
