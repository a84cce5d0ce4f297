import { expect, test } from '@jest/globals';
import { formatBytes } from './format-bytes.ts';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [99.96 * 1024, '100 KiB'],
  [1024 ** 2 - 1, '1 MiB'],
  [42 * 1024 ** 3, '42 GiB'],
  [5000 * 1024 ** 5, '5000 PiB'],
  [-1, '0 B'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
