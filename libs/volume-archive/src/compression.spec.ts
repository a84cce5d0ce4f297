import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { compressBody, decompressBody } from './compression.ts';

const RAW = 0x8000_0000;

function segment(word: number, plainLength: number, bytes: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(word >>> 0, 0);
  header.writeUInt32LE(plainLength, 4);
  return Buffer.concat([header, bytes]);
}

function segmentsOf(body: Buffer) {
  const segments: { raw: boolean; plain: number }[] = [];
  for (let at = 0; at < body.length; ) {
    const word = body.readUInt32LE(at);
    segments.push({ raw: (word & RAW) !== 0, plain: body.readUInt32LE(at + 4) });
    at += 8 + ((word & ~RAW) >>> 0);
  }
  return segments;
}

test('stretches that compress and stretches that do not become segments of their own', () => {
  const block = 256 * 1024;
  const plain = Buffer.concat([Buffer.alloc(3 * block, 'text'), randomBytes(2 * block), Buffer.alloc(block + 17, 'text')]);
  const body = compressBody(plain);
  expect(segmentsOf(body)).toEqual([
    { raw: false, plain: 3 * block },
    { raw: true, plain: 2 * block },
    { raw: false, plain: block + 17 },
  ]);
  expect(decompressBody(body, plain.length, 'it').equals(plain)).toBe(true);
});

test('an empty body is no segment at all', () => {
  expect(compressBody(Buffer.alloc(0))).toHaveLength(0);
  expect(decompressBody(Buffer.alloc(0), 0, 'it')).toHaveLength(0);
});

test.each([
  [
    'a segment that unpacks to more than it says',
    segment(zstdCompressSync(Buffer.alloc(5000)).length, 10, zstdCompressSync(Buffer.alloc(5000))),
  ],
  ['a segment that says more than there may be', segment((10 | RAW) >>> 0, 11, Buffer.alloc(10))],
  ['a raw segment of the wrong length', segment((9 | RAW) >>> 0, 10, Buffer.alloc(9))],
  ['a segment that is cut', segment((10 | RAW) >>> 0, 10, Buffer.alloc(5))],
  ['a header that is cut', Buffer.alloc(7)],
  ['too few segments', Buffer.alloc(0)],
])('%s is refused', (_, body) => {
  expect(() => decompressBody(body, 10, 'it')).toThrow(expect.objectContaining({ reason: 'ArchiveDamaged' }));
});
