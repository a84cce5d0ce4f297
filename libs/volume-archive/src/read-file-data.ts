import { readSync } from 'node:fs';
import type { Reading } from './reading.ts';
import type { EntryMeta } from './record.ts';

/** Grid of the holes: a piece of zeros that begins at a multiple of this is not stored. */
export const PIECE = 256 * 1024;
/** Data of one record; between two of them other work has its turn. */
const LONGEST_RUN = 4 * PIECE;
const ZEROS = Buffer.alloc(PIECE);

/**
 * Puts the data of an open large file or device into the archive, as records at their offsets.
 * @param from a multiple of PIECE
 * @param end where to stop if the data does not end before
 * @returns where the data ended
 */
export async function readData(
  descriptor: number,
  meta: EntryMeta,
  { from, end, skipZeros }: { from: number; end: number; skipZeros: boolean },
  { writer, breath, onHole }: Reading,
): Promise<number> {
  let at = from;
  while (at < end) {
    await breath.take();
    const builder = await writer.room(meta, PIECE);
    const room = Math.min(LONGEST_RUN, Math.floor(builder.roomFor(meta) / PIECE) * PIECE, end - at);
    const run = { hole: 0, ended: false };
    const stored = builder.addFilled(meta, { first: false, last: false, offset: at, room }, (view) => {
      let length = 0;
      while (length < room && run.hole === 0 && !run.ended) {
        const wanted = Math.min(PIECE, room - length);
        const piece = view.subarray(length, length + wanted);
        const got = readFully(descriptor, piece, at + length);
        run.ended = got < wanted;
        if (skipZeros && got > 0 && piece.compare(ZEROS, 0, got, 0, got) === 0) run.hole = got;
        else length += got;
      }
      return length;
    });
    writer.counts.bytes += stored;
    if (run.hole > 0) onHole(run.hole);
    at += stored + run.hole;
    if (run.ended) break;
  }
  return at;
}

/** Reads until the buffer is full or the file ends. @returns how many bytes there were. */
export function readFully(descriptor: number, into: Buffer, position: number): number {
  let length = 0;
  while (length < into.length) {
    const got = readSync(descriptor, into, length, into.length - length, position + length);
    if (got === 0) break;
    length += got;
  }
  return length;
}
