import { opendirSync } from 'node:fs';
import type { BytePath } from './path-bytes.ts';

const FIRST_BYTES = 4096;
const READ_AT_ONCE = 1024;

/**
 * The names in a directory, in byte order. They lie in one buffer and are strings only while they are used: a directory of two
 * million files must not take hundreds of megabytes.
 */
export class NameList {
  #bytes = Buffer.alloc(FIRST_BYTES);
  #used = 0;
  /** Where each name begins in `#bytes`; it ends with a NUL, which no name holds and which sorts before all. */
  #starts: Uint32Array;
  #length = 0;

  /** @param directory path of the directory, which is followed if it is a link */
  constructor(directory: string) {
    this.#starts = new Uint32Array(FIRST_BYTES / 16);
    const open = opendirSync(directory, { encoding: 'latin1', bufferSize: READ_AT_ONCE });
    try {
      for (let entry = open.readSync(); entry; entry = open.readSync()) this.#add(entry.name);
    } finally {
      open.closeSync();
    }
    this.#starts = this.#starts.subarray(0, this.#length).sort((a, b) => this.#compare(a, b));
  }

  get length(): number {
    return this.#length;
  }

  /** @returns undefined behind the last one */
  at(index: number): BytePath | undefined {
    const start = this.#starts[index];
    return start === undefined ? undefined : this.#bytes.toString('latin1', start, this.#bytes.indexOf(0, start));
  }

  #add(name: BytePath): void {
    if (this.#used + name.length + 1 > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2);
    }
    if (this.#length === this.#starts.length) {
      const longer = new Uint32Array(this.#length * 2);
      longer.set(this.#starts);
      this.#starts = longer;
    }
    this.#starts[this.#length] = this.#used;
    this.#length += 1;
    this.#bytes.write(name, this.#used, 'latin1');
    this.#used += name.length + 1;
  }

  #compare(a: number, b: number): number {
    const bytes = this.#bytes;
    let distance = 0;
    while (bytes[a + distance] === bytes[b + distance] && bytes[a + distance] !== 0) distance += 1;
    return (bytes[a + distance] ?? 0) - (bytes[b + distance] ?? 0);
  }
}
