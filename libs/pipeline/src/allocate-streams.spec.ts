import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allocateStreams, type StreamVolume } from './allocate-streams.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

const moving = (id: string, bytesLeft: number, streams: number, held = streams): StreamVolume => ({
  id,
  state: 'moving',
  bytesLeft,
  streams,
  held,
});
const waiting = (id: string, bytesLeft?: number): StreamVolume => ({ id, state: 'waiting', bytesLeft, streams: 0, held: 0 });
const coming = (id: string): StreamVolume => ({ id, state: 'coming', bytesLeft: GIB, streams: 0, held: 0 });

const allocate = (volumes: StreamVolume[], budget: number) => Object.fromEntries(allocateStreams(volumes, budget));
const mayUse = (volumes: readonly StreamVolume[]) => volumes.reduce((total, { held }) => total + held, 0);

/** As the rows of the steps are after the answer was written. */
function apply(volumes: readonly StreamVolume[], answer: ReadonlyMap<string, number>): StreamVolume[] {
  return volumes.map((volume) => {
    const streams = answer.get(volume.id);
    return streams === undefined ? volume : { ...volume, state: 'moving', streams, held: Math.max(volume.held, streams) };
  });
}

test('a volume that is alone gets all, as far as it has something to do for them', () => {
  expect(allocate([waiting('a', 100 * GIB)], 6)).toEqual({ a: 6 });
  expect(allocate([waiting('a', 100 * GIB)], 64)).toEqual({ a: 16 });
  expect(allocate([waiting('a', 60 * MIB)], 16)).toEqual({ a: 2 });
  expect(allocate([waiting('a', 0)], 16)).toEqual({ a: 1 });
  expect(allocate([waiting('a')], 16)).toEqual({ a: 16 });
});

test('each gets one, what is left over goes to the large ones', () => {
  const volumes = [waiting('small', 10 * MIB), waiting('large', 30 * GIB), waiting('larger', 90 * GIB), waiting('tiny', MIB)];
  expect(allocate(volumes, 12)).toEqual({ small: 1, large: 3, larger: 7, tiny: 1 });
  expect(allocate(volumes, 3)).toEqual({ small: 1, large: 1, larger: 1 });
});

test('a stream is kept for each volume that is still to come', () => {
  expect(allocate([waiting('a', GIB), coming('b'), coming('c')], 8)).toEqual({ a: 6 });
  expect(allocate([waiting('a', GIB), coming('b'), coming('c')], 2)).toEqual({ a: 1 });
  expect(allocate([moving('a', GIB, 8), coming('b')], 8)).toEqual({ a: 8 });
});

test('for one that waits another gives back, and it starts when that was done', () => {
  expect(allocate([moving('a', GIB, 2), waiting('b', GIB)], 2)).toEqual({ a: 1 });
  expect(allocate([moving('a', GIB, 1, 2), waiting('b', GIB)], 2)).toEqual({ a: 1 });
  expect(allocate([moving('a', GIB, 1), waiting('b', GIB)], 2)).toEqual({ a: 1, b: 1 });
});

test('who is about to give back may keep it when nobody needs it any more', () => {
  expect(allocate([moving('a', GIB, 1, 4)], 4)).toEqual({ a: 4 });
});

test('the streams of one that has ended go to those that have most to do', () => {
  expect(allocate([moving('a', 40 * GIB, 4), moving('b', 10 * GIB, 4)], 16)).toEqual({ a: 12, b: 4 });
});

test('streams move between volumes only for a gain that matters', () => {
  expect(allocate([moving('a', 10 * GIB, 8), moving('b', 11 * GIB, 8)], 16)).toEqual({ a: 8, b: 8 });
  expect(allocate([moving('a', GIB, 8), moving('b', 15 * GIB, 8)], 16)).toEqual({ a: 1, b: 8 });
  expect(allocate([moving('a', GIB, 1), moving('b', 15 * GIB, 8)], 16)).toEqual({ a: 1, b: 15 });
});

test('more volumes in flight than there are streams keep one each', () => {
  expect(allocate([moving('a', GIB, 3), moving('b', GIB, 1), waiting('c', GIB)], 1)).toEqual({ a: 1, b: 1 });
});

const bytes = fc.oneof(
  fc.integer({ min: 0, max: 200 }).map((mib) => mib * MIB),
  fc.integer({ min: 0, max: 2 ** 42 }),
);
const anyVolume = fc.record({
  state: fc.constantFrom<StreamVolume['state']>('moving', 'waiting', 'coming'),
  bytesLeft: fc.option(bytes, { nil: undefined }),
  streams: fc.integer({ min: 1, max: 6 }),
  surplus: fc.integer({ min: 0, max: 4 }),
});
/** Volumes that together keep their budget, and a budget that leaves up to 8 streams free. */
const anySide = fc.tuple(fc.array(anyVolume, { maxLength: 12 }), fc.integer({ min: 0, max: 8 })).map(([drawn, spare]) => {
  const volumes = drawn.map(({ state, bytesLeft, streams, surplus }, index): StreamVolume => {
    const isMoving = state === 'moving';
    return { id: `v${index}`, state, bytesLeft, streams: isMoving ? streams : 0, held: isMoving ? streams + surplus : 0 };
  });
  return { volumes, budget: Math.max(1, mayUse(volumes) + spare) };
});

test('whatever the state: the budget is kept, all that moves goes on, and the answer is at rest', () => {
  fc.assert(
    fc.property(anySide, ({ volumes, budget }) => {
      const answer = allocateStreams(volumes, budget);
      const after = apply(volumes, answer);
      expect(mayUse(after)).toBeLessThanOrEqual(budget);
      for (const { id, state, bytesLeft, streams } of volumes) {
        const given = answer.get(id);
        if (state === 'moving') expect(given).toBeGreaterThanOrEqual(1);
        if (state === 'coming') expect(given).toBeUndefined();
        expect(given ?? 1).toBeLessThanOrEqual(16);
        if (bytesLeft !== undefined && bytesLeft <= 64 * MIB) expect(given ?? 1).toBeLessThanOrEqual(Math.max(2, streams));
      }
      expect(apply(after, allocateStreams(after, budget))).toEqual(after);
    }),
    { numRuns: 2_000 },
  );
});

test('once all has been given back, as many move as can, and no stream is idle that one could use', () => {
  fc.assert(
    fc.property(anySide, ({ volumes, budget }) => {
      let now = volumes;
      for (let round = 0; round < 8; round++) {
        now = apply(now, allocateStreams(now, budget)).map((volume) => ({ ...volume, held: volume.streams }));
      }
      const count = (state: StreamVolume['state']) => now.filter((volume) => volume.state === state).length;
      const started = volumes.filter(({ state }) => state !== 'coming').length;
      expect(count('moving')).toBe(Math.min(started, budget));
      const idle = budget - mayUse(now) - count('coming');
      const able = now.filter(({ state, streams, bytesLeft }) => {
        return state === 'moving' && streams < 16 && streams * 32 * MIB < (bytesLeft ?? GIB);
      });
      if (able.length > 0) expect(idle).toBeLessThanOrEqual(0);
      expect(apply(now, allocateStreams(now, budget))).toEqual(now);
    }),
    { numRuns: 2_000 },
  );
});

test('while volumes move at uneven speeds, they are seldom told otherwise', () => {
  const speed = fc.integer({ min: 50, max: 150 });
  fc.assert(
    fc.property(
      fc.array(bytes, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 16 }),
      fc.infiniteStream(speed),
      (sizes, budget, speeds) => {
        let now = sizes.map((bytesLeft, index) => waiting(`v${index}`, bytesLeft));
        const perTick = Math.max(MIB, Math.max(...sizes) / 400);
        let changes = 0;
        for (let tick = 0; now.length > 0; tick++) {
          if (tick > 100_000) throw new Error('it never ends');
          const after = apply(now, allocateStreams(now, budget));
          changes += after.filter(({ streams }, index) => streams !== now[index]!.streams).length;
          now = after
            .map((volume) => {
              const done = (volume.streams * perTick * (speeds.next().value as number)) / 100;
              return { ...volume, held: volume.streams, bytesLeft: volume.bytesLeft! - done };
            })
            .filter(({ bytesLeft }) => bytesLeft > 0);
        }
        // Each start and each end may be an occasion for all, and a few more for what was uneven.
        expect(changes).toBeLessThanOrEqual(12 * sizes.length);
      },
    ),
    { numRuns: 300 },
  );
});
