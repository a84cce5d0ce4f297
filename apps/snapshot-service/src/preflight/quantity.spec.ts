import { expect, test } from '@jest/globals';
import { bytesOf } from './quantity.ts';

test.each([
  ['64Mi', 64 * 2 ** 20],
  ['1.5G', 1_500_000_000],
  ['1e9', 1_000_000_000],
  ['1500m', 2],
  ['12E', 12e18],
  ['1Ki', 1024],
  ['0', 0],
  ['', 0],
  [undefined, 0],
  ['ten', 0],
  ['1Kib', 0],
])('%s', (quantity, bytes) => {
  expect(bytesOf(quantity)).toBe(bytes);
});
