import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openArchive } from './open-archive.ts';
import { StreamTarget } from './stream-target.ts';
import { describeTree } from './testing/describe-tree.ts';
import { later } from './testing/later.ts';
import { mutateTree } from './testing/mutate-tree.ts';
import { Random } from './testing/random.ts';
import { TestVolume } from './testing/test-volume.ts';
import { verifyArchive } from './verify-archive.ts';

const cases = fc.record({
  seed: fc.integer({ min: 0 }),
  /** More than four make smaller packs. */
  streams: fc.integer({ min: 1, max: 8 }),
  keeps: fc.constantFrom('nothing', 'index', 'index and base'),
  interruptions: fc.integer({ min: 1, max: 4 }),
});

test('after any number of interruptions a last run ends with the same tree, and no pack was sent twice', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ seed, streams: count, keeps, interruptions }) => {
      await using volume = new TestVolume();
      const random = new Random(seed);
      const streams = () => new StreamTarget(count);
      mutateTree(volume.source, random, 70);
      let change: Parameters<TestVolume['copy']>[0] = { index: keeps !== 'nothing' };
      let holds: string | undefined;
      if (keeps === 'index and base') {
        const { digest } = await later(() => volume.copy({ prefix: 'base', index: true }));
        await volume.restore({ prefix: 'base' });
        mutateTree(volume.source, random, 70);
        holds = digest;
        change = { ...change, base: { prefix: 'base', volumeId: 'shop/data', key: volume.key } };
      }
      await setTimeout(20); // the copy begins after the last change, as on a snapshot
      for (let left = interruptions; left > 0; left -= 1) {
        const before = reachable(volume, await volume.store.keys('runs'));
        await interrupted(volume, random, (signal) => volume.copy({ ...change, streams: streams(), signal }));
        expect(reachable(volume, await volume.store.keys('runs')).slice(0, before.length)).toEqual(before);
      }
      const copied = await volume.copy({ ...change, streams: streams() });
      for (let left = interruptions; left > 0; left -= 1) {
        await interrupted(volume, random, (signal) =>
          volume.restore({ streams: streams(), signal, ...(holds ? { holds } : {}) }),
        );
      }
      const restored = await volume.restore({ streams: streams(), ...(holds ? { holds } : {}) });
      expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
      expect(restored).toEqual({ ...copied, storedBytes: expect.any(Number) });
      expect(copied.base).toBe(holds);
      expect(await verifyArchive(await openArchive(volume.task()), 'Filesystem')).toMatchObject({ digest: copied.digest });
      expect(volume.warnings).toEqual([]);
    }),
    { numRuns: 20, endOnFailure: true },
  );
}, 120_000);

/** Which packs a restore may have read already, each by what tells it from another that took its place. */
function reachable(volume: TestVolume, keys: readonly string[]): string[] {
  const packs = keys.filter((key) => key.includes('/packs/'));
  const gap = packs.findIndex((key, number) => !key.endsWith(`/${String(number).padStart(8, '0')}`));
  return packs.slice(0, gap === -1 ? packs.length : gap).map((key) => `${key} ${statSync(volume.store.pathOf(key)).ino}`);
}

/** How requests fail is the store's to tell, but for connections that break. */
const EXPECTED = {
  stop: { message: 'told to stop' },
  unavailable: { kind: 'retryable', reason: 'StoreUnreachable' },
  reset: { name: 'TransferFailure' },
};

/** Interrupts the work at some request: it is told to stop, or the store answers no more, or breaks its connections. */
async function interrupted(volume: TestVolume, random: Random, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const controller = new AbortController();
  const how = random.pick(['stop', 'unavailable', 'reset'] as const);
  let left = random.below(9);
  volume.store.fault = (request, response) => {
    left -= 1;
    if (left >= 0) return false;
    if (how === 'stop') controller.abort(new Error('told to stop'));
    if (how === 'unavailable') response.writeHead(503).end();
    if (how === 'reset') request.socket.destroy();
    return how !== 'stop';
  };
  try {
    await work(controller.signal);
  } catch (error) {
    expect(error).toMatchObject(EXPECTED[how]);
  } finally {
    volume.store.fault = undefined;
    // What was sent before the interruption and arrives after it would be another writer's pack to the next attempt.
    // Some of it the server may not have begun to read.
    do await setTimeout(5);
    while (volume.store.inFlight.now > 0);
  }
}
