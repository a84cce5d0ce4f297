import { expect, test } from '@jest/globals';
import { formatAgo, formatSpan } from './time.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

test.each([
  ['2026-03-01T12:00:30Z', 'just now'],
  ['2026-03-01T11:59:51Z', 'just now'],
  ['2026-03-01T11:59:15Z', '40 s ago'],
  ['2026-03-01T11:55:00Z', '5 min ago'],
  ['2026-03-01T09:30:00Z', '2 h ago'],
  ['2026-02-28T11:00:00Z', '1 day ago'],
  ['2026-02-01T12:00:00Z', '28 days ago'],
])('%s was %s', (iso, text) => {
  expect(formatAgo(iso, NOW)).toBe(text);
});

test('a span ends at its end, else now, and is never below zero', () => {
  expect(formatSpan('2026-03-01T11:58:55Z', undefined, NOW)).toBe('1 min 5 s');
  expect(formatSpan('2026-03-01T11:58:55Z', '2026-03-01T11:59:00Z', NOW)).toBe('5 s');
  expect(formatSpan('2026-03-01T12:00:05Z', undefined, NOW)).toBe('0 s');
});
