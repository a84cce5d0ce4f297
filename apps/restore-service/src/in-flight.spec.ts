import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { eachInFlight } from './in-flight.ts';

test('never more than the limit at once, and every item once', async () => {
  const done: number[] = [];
  let now = 0;
  let most = 0;
  await eachInFlight(Array(50).keys(), 4, async (item) => {
    most = Math.max(most, ++now);
    await sleep(1);
    now--;
    done.push(item);
  });
  expect(most).toBe(4);
  expect(done.sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
});

test('after an error nothing new begins, and what is in flight ends before the error is thrown', async () => {
  const begun: number[] = [];
  let ended = 0;
  const work = eachInFlight(Array(50).keys(), 3, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('refused');
    await sleep(5);
    ended++;
  });
  await expect(work).rejects.toThrow('refused');
  expect(begun).toEqual([0, 1, 2]);
  expect(ended).toBe(2);
});

test('a stream is read no further than its items are worked on, and closed after an error', async () => {
  let read = 0;
  let closed = false;
  async function* stream() {
    try {
      for (; ; read++) yield read;
    } finally {
      closed = true;
    }
  }
  let furthest = 0;
  const work = eachInFlight(stream(), 4, async (item) => {
    furthest = Math.max(furthest, read - item);
    await sleep(1);
    if (item === 40) throw new Error('refused');
  });
  await expect(work).rejects.toThrow('refused');
  expect(furthest).toBeLessThanOrEqual(4);
  expect(closed).toBe(true);
});

test('a stream that breaks is the error', async () => {
  async function* stream() {
    yield 1;
    throw new Error('damaged');
  }
  await expect(eachInFlight(stream(), 4, async () => {})).rejects.toThrow('damaged');
});
