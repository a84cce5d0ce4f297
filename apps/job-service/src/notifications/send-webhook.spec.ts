import { expect, test } from '@jest/globals';
import { nextAttemptAt } from './send-webhook.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const waits = (random: number) =>
  Array.from({ length: 8 }, (_, index) => {
    const next = nextAttemptAt(index + 1, NOW, random);
    return next && (next.getTime() - NOW.getTime()) / 1000;
  });

test('waits grow from seconds to hours, and then it is given up', () => {
  expect(waits(0.5)).toEqual([5, 30, 120, 600, 1800, 7200, 21_600, undefined]);
});

test('waits differ by a fifth to both sides', () => {
  expect([waits(0)[0], waits(1)[0]]).toEqual([4, 6]);
});
