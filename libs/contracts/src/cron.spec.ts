import { expect, test } from '@jest/globals';
import { cronProblem, isTimeZone, timesAfter, timeUntil } from './cron.ts';

test.each(['* * * * *', '0 3 * * 1-5', '*/15 8-18 * * MON', '0 0 L * *', '@daily', '@hourly'])('%s is read', (cron) => {
  expect(cronProblem(cron)).toBeUndefined();
});

test.each([
  ['', /five fields/],
  ['* * * *', /five fields/],
  ['0 * * * * *', /five fields/],
  ['@secondly', /five fields/],
  ['61 * * * *', /range 0-59/],
  ['0 0 31 2 *', /cannot be read/],
  ['*/0 * * * *', /cannot be read/],
  ['H 3 * * *', /has an H/],
  ['a b c d e', /cannot be read/],
])('"%s" is refused, with the reason', (cron, reason) => {
  expect(cronProblem(cron)).toMatch(reason);
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Asia/Calcutta', true],
  ['+02:00', false],
  ['Europe/Bonn', false],
  ['', false],
])('%s as a time zone: %s', (name, is) => {
  expect(isTimeZone(name)).toBe(is);
});

const after = (cron: string, from: string, count: number) =>
  timesAfter(cron, 'Europe/Berlin', new Date(from), count).map((time) => time.toISOString());

test('times are those of the time zone, in summer and in winter', () => {
  expect(after('0 3 * * *', '2026-07-01T12:00:00Z', 1)).toEqual(['2026-07-02T01:00:00.000Z']);
  expect(after('0 3 * * *', '2026-12-01T12:00:00Z', 1)).toEqual(['2026-12-02T02:00:00.000Z']);
  expect(timeUntil('0 3 * * *', 'Europe/Berlin', new Date('2026-12-02T02:00:00Z')).toISOString()).toBe(
    '2026-12-02T02:00:00.000Z',
  );
  expect(timeUntil('0 3 * * *', 'Europe/Berlin', new Date('2026-12-02T01:59:59Z')).toISOString()).toBe(
    '2026-12-01T02:00:00.000Z',
  );
});

test('a time of day that a night in spring skips comes an hour later; every hour comes once for each real hour', () => {
  expect(after('30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z']);
  expect(after('30 * * * *', '2026-03-29T00:00:00Z', 2)).toEqual(['2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z']);
});

test('a time of day that a night in autumn has twice comes once', () => {
  expect(after('30 2 * * *', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
});
