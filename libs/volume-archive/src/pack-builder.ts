import { END_LENGTH, type EntryMeta, recordLength, writeEnd, writeEntryHead } from './record.ts';

/** Plain bytes of a full pack. Readers take packs up to MAX_PACK. */
export const PACK_SIZE = 8 * 1024 * 1024;
export const MAX_PACK = 2 * PACK_SIZE;

/** Running figures of an archive; `end` records carry them, so that a resumed copy goes on counting. */
export interface RunningCounts {
  entries: number;
  files: number;
  bytes: number;
  warnings: number;
}

/** Lays records into one pack's buffer. */
export class PackBuilder {
  readonly #buffer: Buffer;
  #length = 0;

  /** @param buffer PACK_SIZE bytes */
  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Bytes of data that a record of this entry may still have here; negative when not even an empty one fits. */
  roomFor(meta: EntryMeta): number {
    return this.#buffer.length - END_LENGTH - this.#length - recordLength(meta, 0);
  }

  /**
   * Adds a record whose data `fill` writes; a piece from the middle of a file that turns out empty is left out.
   * @param fill puts at most `room` bytes into the view and returns how many; it may change `meta.size` before they are written.
   */
  addFilled(
    meta: EntryMeta,
    part: { first: boolean; last: boolean; offset: number; room: number },
    fill: (view: Buffer) => number,
  ): number {
    const dataStart = this.#length + recordLength(meta, 0);
    const dataLength = fill(this.#buffer.subarray(dataStart, dataStart + part.room));
    if (dataLength === 0 && !part.first && !part.last) return 0;
    writeEntryHead(this.#buffer, this.#length, meta, { ...part, dataLength });
    this.#length = dataStart + dataLength;
    return dataLength;
  }

  add(meta: EntryMeta, part: { first: boolean; last: boolean; offset: number }, data?: Uint8Array): void {
    this.addFilled(meta, { ...part, room: data?.length ?? 0 }, (view) => {
      if (data) view.set(data);
      return data?.length ?? 0;
    });
  }

  /** Ends the pack. @returns a view of its buffer; the builder is empty again and must not be used before the view is done with. */
  finish(counts: RunningCounts): Buffer {
    const end = writeEnd(this.#buffer, this.#length, counts);
    this.#length = 0;
    return this.#buffer.subarray(0, end);
  }
}
