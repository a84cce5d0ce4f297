import { MoverResult } from '@godwit/contracts/mover-protocol';
import { expect, test } from '@jest/globals';
import { encodeResult } from './write-result.ts';

const failed = (message: string): MoverResult => ({
  type: 'result',
  ok: false,
  bytes: 1,
  files: 1,
  packs: 0,
  storedBytes: 1,
  warnings: 0,
  error: { reason: 'WriteFailed', message },
});

test('a result that fits is told whole', () => {
  expect(JSON.parse(encodeResult(failed('why it failed')))).toEqual(failed('why it failed'));
});

test.each(['x', '\u0001', '"', 'ü', '名', '\ud83d\ude00'])(
  'of %j, a message of any length fits into a termination message and is still JSON',
  (text) => {
    const encoded = encodeResult(failed(text.repeat(40_000)));
    expect(Buffer.byteLength(encoded)).toBeLessThanOrEqual(4096);
    expect(MoverResult.parse(JSON.parse(encoded)).error?.message).toMatch(/…$/);
  },
);
