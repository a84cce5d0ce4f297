import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamOrder } from '@godwit/contracts/mover-protocol';
import { expect, test } from '@jest/globals';
import { nextRelay, type RelayFacts, StreamRelay } from './stream-relay.ts';

const NOW = 1_000_000;
const written = (order: number, { ago = 0, failed = false } = {}) => ({ order, at: NOW - ago, failed });

test.each<[string, RelayFacts, ReturnType<typeof nextRelay>]>([
  [
    'a mover that starts knows its order',
    { grant: { told: 2, order: 1, held: 2 }, written: written(1, { ago: 60_000 }) },
    undefined,
  ],
  ['one that may be running is told', { grant: { told: 2, order: 1, held: 2 } }, 'order'],
  [
    'a new order is written',
    { grant: { told: 1, order: 2, held: 2 }, said: { streams: 2, order: 1 }, written: written(1) },
    'order',
  ],
  ['also while the mover only starts', { grant: { told: 1, order: 2, held: 2 }, written: written(1) }, 'order'],
  [
    'once',
    { grant: { told: 1, order: 2, held: 2 }, said: { streams: 2, order: 1 }, written: written(2, { ago: 9_000 }) },
    undefined,
  ],
  [
    'again if it is not followed',
    { grant: { told: 1, order: 2, held: 2 }, said: { streams: 2, order: 1 }, written: written(2, { ago: 11_000 }) },
    'order',
  ],
  [
    'again after a while if it could not be written',
    { grant: { told: 1, order: 2, held: 2 }, written: written(2, { ago: 11_000, failed: true }) },
    'order',
  ],
  ['but not at once', { grant: { told: 1, order: 2, held: 2 }, written: written(2, { ago: 9_000, failed: true }) }, undefined],
  [
    'surplus in use is not given back',
    { grant: { told: 1, order: 2, held: 2 }, said: { streams: 2, order: 2 }, written: written(2) },
    undefined,
  ],
  [
    'what was given back is confirmed',
    { grant: { told: 1, order: 2, held: 2 }, said: { streams: 1, order: 2 }, written: written(2) },
    'confirm',
  ],
  [
    'also a part of it',
    { grant: { told: 1, order: 2, held: 5 }, said: { streams: 3, order: 2 }, written: written(2) },
    'confirm',
  ],
  [
    'but not under an earlier order',
    { grant: { told: 1, order: 3, held: 2 }, said: { streams: 1, order: 2 }, written: written(3) },
    undefined,
  ],
  [
    'what it was told it may take',
    { grant: { told: 4, order: 2, held: 4 }, said: { streams: 3, order: 2 }, written: written(2) },
    undefined,
  ],
  [
    'all is as it should be',
    { grant: { told: 4, order: 2, held: 4 }, said: { streams: 4, order: 2 }, written: written(2) },
    undefined,
  ],
])('%s', (_, facts, next) => {
  expect(nextRelay(facts, NOW)).toBe(next);
});

test('an order goes out, comes back as a confirmation, and nothing is said twice', async () => {
  const [orders, confirmed]: [StreamOrder[], number[][]] = [[], []];
  const relay = new StreamRelay(
    {
      write: async (order) => void orders.push(order),
      confirm: async (...said) => void confirmed.push(said),
      onError: (error) => {
        throw error;
      },
    },
    0,
  );
  const says = async (streams: number, streamOrder: number) => {
    relay.onProgress({ type: 'progress', bytesDone: 0, filesDone: 0, storedBytes: 0, streams, streamOrder });
    await sleep(1);
  };
  await says(4, 0);
  for (const _ of [1, 2]) {
    relay.onGrant({ told: 2, order: 1, held: 4 });
    await says(4, 0);
  }
  expect(orders).toEqual([{ order: 1, streams: 2 }]);
  for (const streams of [4, 3, 3, 2, 2]) await says(streams, 1);
  expect(confirmed).toEqual([
    [1, 3],
    [1, 2],
  ]);
  await relay.stop();
  relay.onGrant({ told: 1, order: 2, held: 2 });
  expect(orders).toHaveLength(1);
});
