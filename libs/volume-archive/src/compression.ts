import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { archiveDamaged } from './archive-errors.ts';

/**
 * A compressed body is a list of segments: u32 stored length (top bit: stored raw), u32 plain length, bytes. Whether a segment is
 * worth compressing is probed for every 256 KiB, for packs mix file types; neighbours that agree share one segment.
 */
const BLOCK = 256 * 1024;
const PROBE = 4096;
const WORTH_IT = 0.95;
const RAW = 0x8000_0000;
const SEGMENT_HEADER = 8;

interface Segment {
  raw: boolean;
  bytes: Buffer;
}

export function compressBody(plain: Buffer): Buffer {
  return Buffer.concat(
    planSegments(plain).flatMap(({ raw, bytes }) => frame(bytes, raw ? undefined : zstdCompressSync(bytes, zstdOptions(bytes)))),
  );
}

/** @throws FatalError ArchiveDamaged unless it yields exactly `plainLength` bytes */
export function decompressBody(body: Buffer, plainLength: number, what: string): Buffer {
  const plain = Buffer.allocUnsafeSlow(plainLength);
  for (const { stored, raw, at, length } of readSegments(body, plainLength, what)) {
    place(raw ? stored : decompress(stored, length, what), plain, at, length, what);
  }
  return plain;
}

function decompress(stored: Buffer, length: number, what: string): Buffer {
  try {
    return zstdDecompressSync(stored, { maxOutputLength: length, chunkSize: Math.max(64, length) });
  } catch (cause) {
    throw archiveDamaged(`${what} is damaged: a segment cannot be decompressed`, cause);
  }
}

function planSegments(plain: Buffer): Segment[] {
  const segments: { raw: boolean; start: number; end: number }[] = [];
  for (let start = 0; start < plain.length; start += BLOCK) {
    const end = Math.min(plain.length, start + BLOCK);
    const raw = !isWorthCompressing(plain.subarray(start, end));
    const last = segments.at(-1);
    if (last?.raw === raw) last.end = end;
    else segments.push({ raw, start, end });
  }
  return segments.map(({ raw, start, end }) => ({ raw, bytes: plain.subarray(start, end) }));
}

/** Probes the middle and the end of a block: beginnings are headers, which compress even in a video. */
function isWorthCompressing(block: Buffer): boolean {
  if (block.length <= 2 * PROBE) return true;
  const middle = block.length >> 1;
  const sample = Buffer.concat([block.subarray(middle, middle + PROBE), block.subarray(block.length - PROBE)]);
  return zstdCompressSync(sample, zstdOptions(sample)).length < WORTH_IT * sample.length;
}

/** Without a chunk size of the output's bound Node grows and copies its output again and again. */
function zstdOptions(plain: Buffer) {
  return { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: plain.length + (plain.length >> 8) + 1024 };
}

function frame(plain: Buffer, compressed: Buffer | undefined): Buffer[] {
  const header = Buffer.alloc(SEGMENT_HEADER);
  const stored = compressed && compressed.length < plain.length ? compressed : plain;
  header.writeUInt32LE(stored === plain ? (stored.length | RAW) >>> 0 : stored.length, 0);
  header.writeUInt32LE(plain.length, 4);
  return [header, stored];
}

function readSegments(body: Buffer, plainLength: number, what: string) {
  const segments: { stored: Buffer; raw: boolean; at: number; length: number }[] = [];
  let at = 0;
  let read = 0;
  while (read < body.length) {
    if (body.length - read < SEGMENT_HEADER) throw archiveDamaged(`${what} is damaged: a segment is cut`);
    const word = body.readUInt32LE(read);
    const length = body.readUInt32LE(read + 4);
    const raw = (word & RAW) !== 0;
    const start = read + SEGMENT_HEADER;
    const storedLength = (word & ~RAW) >>> 0;
    if (storedLength > body.length - start || length > plainLength - at) {
      throw archiveDamaged(`${what} is damaged: a segment is longer than it can be`);
    }
    segments.push({ stored: body.subarray(start, start + storedLength), raw, at, length });
    at += length;
    read = start + storedLength;
  }
  if (at !== plainLength) throw archiveDamaged(`${what} is damaged: it holds ${at} of ${plainLength} bytes`);
  return segments;
}

function place(bytes: Buffer, plain: Buffer, at: number, length: number, what: string): void {
  if (bytes.length !== length) throw archiveDamaged(`${what} is damaged: a segment has the wrong length`);
  bytes.copy(plain, at);
}
