import { randomBytes } from 'node:crypto';
import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { PackStore } from './pack-store.ts';
import { describeTree } from './testing/describe-tree.ts';
import { makeSampleTree } from './testing/sample-tree.ts';
import { TestVolume } from './testing/test-volume.ts';

/** A restore ends with all that the file system holds written out, which others on it may make slow. */
jest.setTimeout(30_000);

/** Aborts while pack `number` is being sent: `before` it is stored, or right after. Three are under way at once: when 3 is, 0 is there. */
function stopAt(store: PackStore, number: number, when: 'before' | 'after', stop: () => void): PackStore {
  const isIt = (key: string) => key.endsWith(`/packs/${String(number).padStart(8, '0')}`);
  return {
    get: (key, options) => store.get(key, options),
    list: (prefix, options) => store.list(prefix, options),
    delete: (keys, options) => store.delete(keys, options),
    put: async (key, body, options) => {
      if (isIt(key) && when === 'before') {
        stop();
        throw new Error('the connection is gone');
      }
      await store.put(key, body, options);
      if (isIt(key)) stop();
    },
  };
}

const packsOf = (keys: readonly string[]) => keys.filter((key) => key.includes('/packs/'));

test('a copy that was stopped at any pack goes on and ends with the archive of one that was not', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  writeFileSync(join(volume.source, 'more'), randomBytes(12_000_000));
  const whole = await volume.copy({ prefix: 'whole' });
  expect(whole.packs).toBeGreaterThan(3);
  for (let number = 0; number < whole.packs; number += 1) {
    for (const when of ['before', 'after'] as const) {
      const prefix = `stopped/${when}/${number}`;
      const controller = new AbortController();
      const reason = new Error('asked to stop');
      const store = stopAt(volume.store, number, when, () => controller.abort(reason));
      await expect(volume.copy({ prefix, store, signal: controller.signal })).rejects.toBe(reason);
      expect(await volume.copy({ prefix })).toMatchObject({ ...whole, storedBytes: expect.any(Number) });
    }
  }
  await volume.restore({ prefix: 'stopped/before/2' });
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
  expect(volume.warnings).toEqual([]);
}, 60_000);

test('packs that were stored are not sent again', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'large'), randomBytes(50_000_000));
  const controller = new AbortController();
  const store = stopAt(volume.store, 4, 'after', () => controller.abort());
  await expect(volume.copy({ store, signal: controller.signal })).rejects.toThrow();
  const before = packsOf(await volume.store.keys());
  expect(before.length).toBeGreaterThanOrEqual(2);
  const sent = volume.store.written.length;
  await volume.copy();
  const again = packsOf(volume.store.written.slice(sent));
  expect(again.filter((key) => before.includes(key))).toEqual([]);
});

test('packs beyond a gap are sent again, after they were deleted', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'large'), randomBytes(50_000_000));
  const whole = await volume.copy();
  const keys = await volume.store.keys();
  await volume.store.delete([keys[0] ?? '', keys.find((key) => key.endsWith('00000003')) ?? '']); // closing, and pack 3
  expect(keys[0]).toMatch(/closing$/);
  const sent = volume.store.written.length;
  expect(await volume.copy()).toMatchObject({ digest: whole.digest, packs: whole.packs });
  expect(packsOf(volume.store.written.slice(sent)).length).toBe(whole.packs - 3);
});

test('the names of hard linked files are still known after a restart', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'a'), 'content');
  writeFileSync(join(volume.source, 'b'), randomBytes(60_000_000));
  linkSync(join(volume.source, 'a'), join(volume.source, 'z'));
  await new Promise((done) => setTimeout(done, 20)); // the copy begins after the last change, as on a snapshot
  const controller = new AbortController();
  const store = stopAt(volume.store, 3, 'after', () => controller.abort());
  await expect(volume.copy({ store, signal: controller.signal })).rejects.toThrow();
  await volume.copy();
  await volume.restore();
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('on a live volume, a file that appeared behind a stopped copy is no target for a hard link', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'b'), randomBytes(60_000_000));
  const controller = new AbortController();
  const store = stopAt(volume.store, 3, 'after', () => controller.abort());
  await expect(volume.copy({ store, signal: controller.signal })).rejects.toThrow();
  writeFileSync(join(volume.source, 'a'), 'appeared');
  linkSync(join(volume.source, 'a'), join(volume.source, 'z'));
  await volume.copy();
  await volume.restore();
  const files = describeTree(volume.destination).map((line) => line.split(' ')[1]);
  expect(files).toEqual(['', '/b', '/z']);
});

test('a large file that vanished between two attempts ends where it was read to, and this is told', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'a-large'), randomBytes(60_000_000));
  writeFileSync(join(volume.source, 'b'), 'next');
  const controller = new AbortController();
  const store = stopAt(volume.store, 3, 'after', () => controller.abort());
  await expect(volume.copy({ store, signal: controller.signal })).rejects.toThrow();
  rmSync(join(volume.source, 'a-large'));
  await volume.copy();
  await volume.restore();
  expect(volume.warnings.map(({ reason, path }) => `${reason} ${path}`)).toEqual(['ChangedMeanwhile /', 'Vanished a-large']);
  expect(describeTree(volume.destination).at(-1)).toBe(describeTree(volume.source).at(-1));
});

test('a block copy that was stopped goes on', async () => {
  await using volume = new TestVolume();
  const root = join(volume.source, 'device');
  writeFileSync(root, Buffer.concat([randomBytes(20_000_000), Buffer.alloc(5_000_000), randomBytes(20_000_000)]));
  const whole = await volume.copy({ mode: 'Block', root, prefix: 'whole' });
  const controller = new AbortController();
  const store = stopAt(volume.store, 2, 'after', () => controller.abort());
  await expect(volume.copy({ mode: 'Block', root, store, signal: controller.signal })).rejects.toThrow();
  expect(await volume.copy({ mode: 'Block', root })).toMatchObject({ digest: whole.digest });
});

test('two copies of one volume at the same time: no pack of either is overwritten, and one of them is told', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'large'), randomBytes(50_000_000));
  const ends = await Promise.allSettled([volume.copy(), volume.copy()]);
  const told = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason.reason);
  expect(told.length).toBeGreaterThan(0);
  expect(new Set(told)).toEqual(new Set(['OtherWriter']));
  await volume.copy();
  await volume.restore();
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
  const packs = packsOf(volume.store.written);
  expect(new Set(packs).size).toBe(packs.length);
});

test('a restore that is stopped and started again while the copy goes on ends with the same tree', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  const copying = volume.copy({ maxBytesPerSecond: 6_000_000 });
  const controller = new AbortController();
  let fetched = 0;
  volume.store.fault = ({ method }) => {
    if (method === 'GET' && ++fetched === 2) controller.abort();
    return false;
  };
  await expect(volume.restore({ signal: controller.signal })).rejects.toThrow();
  expect(fetched).toBeGreaterThan(1);
  const { digest } = await volume.restore();
  expect(digest).toBe((await copying).digest);
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('a restore gives up when nothing comes for too long', async () => {
  await using volume = new TestVolume();
  await expect(volume.restore({ stallTimeoutMs: 200 })).rejects.toMatchObject({ kind: 'retryable', reason: 'Stalled' });
});
