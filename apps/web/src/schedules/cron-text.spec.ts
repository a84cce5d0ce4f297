import { expect, test } from '@jest/globals';
import { cronText, nextTimes } from './cron-text.ts';

test.each([
  ['0 3 * * *', 'At 03:00, every day'],
  [' */15 * * * 1-5 ', 'Every 15 minutes, every hour, Monday through Friday'],
  ['@daily', 'At 00:00, every day'],
  ['nonsense', undefined],
])('%s is %s', (cron, text) => expect(cronText(cron)).toBe(text));

test('the next times are those of the zone, and none of what is no expression', () => {
  const now = new Date('2026-11-27T10:00:00Z');
  expect(nextTimes('0 3 * * *', 'Europe/Berlin', now, 2).map((time) => time.toISOString())).toEqual([
    '2026-11-28T02:00:00.000Z',
    '2026-11-29T02:00:00.000Z',
  ]);
  expect(nextTimes('0 3 * *', 'UTC', now, 2)).toEqual([]);
  expect(nextTimes('0 3 * * *', 'Mars/Base', now, 2)).toEqual([]);
});
