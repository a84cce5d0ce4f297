import { expect, test } from '@jest/globals';
import { amountOf, bytesOf, formatAmount } from './quantity.ts';

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

test('amounts keep their fractions', () => {
  expect(amountOf('250m')).toBe(0.25);
  expect(amountOf(2)).toBe(2);
  expect(amountOf('100n')).toBeCloseTo(1e-7);
});

test('amounts are written as people write them', () => {
  expect(formatAmount('cpu', 0.25)).toBe('0.25');
  expect(formatAmount('requests.memory', 1.5 * 2 ** 30)).toBe('1.5Gi');
  expect(formatAmount('requests.storage', 64 * 2 ** 20)).toBe('64Mi');
});
