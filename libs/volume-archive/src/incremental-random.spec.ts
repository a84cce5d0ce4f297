import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeTree } from './testing/describe-tree.ts';
import { later } from './testing/later.ts';
import { mutateTree } from './testing/mutate-tree.ts';
import { Random } from './testing/random.ts';
import { TestVolume } from './testing/test-volume.ts';

const seeds = fc.record({
  seed: fc.integer({ min: 0 }),
  size: fc.integer({ min: 0, max: 60 }),
  changes: fc.integer({ min: 0, max: 25 }),
  /** Whether the base's copy began long after the last change, so that what has its times is not read. */
  isSettled: fc.boolean(),
});

test('the changes since a base, laid over its state, make the tree as it is, whatever was changed', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async ({ seed, size, changes, isSettled }) => {
      await using volume = new TestVolume();
      const random = new Random(seed);
      mutateTree(volume.source, random, size);
      const copyFirst = () => volume.copy({ prefix: 'first', index: true });
      const first = await (isSettled ? later(copyFirst) : copyFirst());
      await volume.restore({ prefix: 'first' });
      expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
      mutateTree(volume.source, random, changes);
      const base = { prefix: 'first', volumeId: 'shop/data', key: volume.key };
      const second = await volume.copy({ prefix: 'second', index: true, base });
      expect(second.base).toBe(first.digest);
      const restored = await volume.restore({ prefix: 'second', holds: first.digest });
      expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
      expect(restored).toEqual({ ...second, storedBytes: expect.any(Number) });
      expect(volume.warnings).toEqual([]);
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 120_000);
