import { expect, test } from '@jest/globals';
import { AdaptiveLimit, MOST_IN_FLIGHT } from './adaptive-limit.ts';

const answers = (limit: AdaptiveLimit, count: number) => {
  for (let i = 0; i < count; i++) limit.onAnswer();
};

test('a round of answers allows one more, up to the most', () => {
  const limit = new AdaptiveLimit();
  answers(limit, 15);
  expect(limit.value).toBe(16);
  answers(limit, 1);
  expect(limit.value).toBe(17);
  answers(limit, 10_000);
  expect(limit.value).toBe(MOST_IN_FLIGHT);
});

test('a busy server gets half, however many of those in flight it refuses, and half again if it stays busy', () => {
  const limit = new AdaptiveLimit();
  for (const now of [0, 10, 500, 999]) limit.onBusy(now);
  expect(limit.value).toBe(8);
  limit.onBusy(1_000);
  expect(limit.value).toBe(4);
});

test('it never ends', () => {
  const limit = new AdaptiveLimit();
  for (let second = 0; second < 20; second++) limit.onBusy(second * 1_000);
  expect(limit.value).toBe(2);
});

test('answers from before the server was busy do not count for more afterwards', () => {
  const limit = new AdaptiveLimit();
  answers(limit, 15);
  limit.onBusy(0);
  answers(limit, 7);
  expect(limit.value).toBe(8);
  answers(limit, 1);
  expect(limit.value).toBe(9);
});
