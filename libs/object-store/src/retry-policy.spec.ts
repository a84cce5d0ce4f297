import { expect, test } from '@jest/globals';
import { DEFAULT_RETRIES, parseRetryAfter, waitBeforeRetry } from './retry-policy.ts';

const longest = (failures: number, retryAfterMs?: number) => waitBeforeRetry(failures, DEFAULT_RETRIES, retryAfterMs, () => 1);

test('waits grow, up to a limit', () => {
  expect([1, 2, 3, 4, 5, 6].map((failures) => longest(failures))).toEqual([300, 900, 2700, 8100, 20_000, 20_000]);
});

test('a wait is anything between nothing and its limit', () => {
  expect(waitBeforeRetry(3, DEFAULT_RETRIES, 0, () => 0)).toBe(0);
  expect(waitBeforeRetry(3, DEFAULT_RETRIES, 0, () => 0.5)).toBe(1350);
  const waits = Array.from({ length: 50 }, () => waitBeforeRetry(5, DEFAULT_RETRIES));
  expect(new Set(waits).size).toBeGreaterThan(40);
  expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
});

test('what a server asks for is waited for, and the jitter comes on top; but not for ever', () => {
  expect(waitBeforeRetry(1, DEFAULT_RETRIES, 7_000, () => 0)).toBe(7_000);
  expect(longest(1, 7_000)).toBe(7_300);
  expect(longest(1, 86_400_000)).toBe(60_300);
});

test.each([
  ['120', 120_000],
  [' 3 ', 3_000],
  ['Wed, 21 Oct 2026 07:28:05 GMT', 5_000],
  ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
  ['soon', 0],
  ['-1', 0],
  [undefined, 0],
])('Retry-After: %s is %i ms', (header, ms) => {
  expect(parseRetryAfter(header, Date.UTC(2026, 9, 21, 7, 28, 0))).toBe(ms);
});
