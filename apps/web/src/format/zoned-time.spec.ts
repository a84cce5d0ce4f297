import { expect, test } from '@jest/globals';
import { formatInZone, timeZones, toLocalInput } from './zoned-time.ts';

test('a time is shown as the clocks of a zone show it, with the day there', () => {
  const time = '2026-11-27T23:30:00.000Z';
  expect(formatInZone(time, 'UTC', 'en-GB')).toBe('Fri, 27 Nov 2026, 23:30');
  expect(formatInZone(time, 'Asia/Tokyo', 'en-GB')).toBe('Sat, 28 Nov 2026, 08:30');
});

test('UTC and the zone that is chosen can be chosen, each zone once', () => {
  const zones = timeZones('Europe/Berlin');
  expect(zones[0]).toBe('UTC');
  expect(zones).toContain('Asia/Tokyo');
  expect(zones.filter((zone) => zone === 'Europe/Berlin')).toHaveLength(1);
  expect(timeZones('US/Eastern')).toContain('US/Eastern');
});

test('a moment in an input of local time is the same moment again', () => {
  const iso = '2026-11-27T23:30:00.000Z';
  expect(toLocalInput(iso)).toMatch(/^2026-11-2[78]T\d\d:\d\d$/);
  expect(new Date(toLocalInput(iso)).toISOString()).toBe(iso);
});
