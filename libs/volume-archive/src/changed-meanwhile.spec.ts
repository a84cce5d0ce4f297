import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { openArchive } from './open-archive.ts';
import { describeTree } from './testing/describe-tree.ts';
import { TestVolume } from './testing/test-volume.ts';
import { verifyArchive } from './verify-archive.ts';

/** A restore ends with all that the file system holds written out, which others on it may make slow. */
jest.setTimeout(30_000);

/** A copy that was interrupted within `m-large`, of a volume with something before and behind it. */
async function interruptedCopy(index: boolean): Promise<TestVolume> {
  const volume = new TestVolume();
  for (const name of ['a', 'z']) {
    mkdirSync(join(volume.source, name));
    writeFileSync(join(volume.source, name, 'file'), name);
  }
  writeFileSync(join(volume.source, 'm-large'), randomBytes(40_000_000));
  await sleep(30); // the copy begins after the last change, as on a snapshot
  volume.store.fault = (request, response) => {
    const isThird = request.url?.endsWith('/packs/00000002') === true;
    if (isThird) response.writeHead(503).end();
    return isThird;
  };
  await expect(volume.copy({ index })).rejects.toMatchObject({ reason: 'StoreUnreachable' });
  volume.store.fault = undefined;
  expect(await volume.store.keys('runs')).toContain('runs/1/volumes/a/packs/00000001');
  await sleep(30);
  return volume;
}

const told = (volume: TestVolume) => volume.warnings.map(({ reason, path }) => `${reason} ${path}`);
type Change = (path: (name: string) => string) => void;

test.each<[string, boolean, Change]>([
  ['a directory came to where the copy had been', false, (path) => renameSync(path('z'), path('b'))],
  ['a directory came to where the copy had been, and an index is kept', true, (path) => renameSync(path('z'), path('a/z'))],
  [
    'a directory took the place of the file in which the copy stopped',
    false,
    (path) => {
      rmSync(path('m-large'));
      renameSync(path('z'), path('m-large'));
    },
  ],
])('when %s, it starts over and ends with the tree as it is', async (_, index, change) => {
  await using volume = await interruptedCopy(index);
  change((name) => join(volume.source, name));
  const copied = await volume.copy({ index });
  expect(told(volume).at(-1)).toBe('StartedOver /');
  expect(copied.warnings).toBe(0);
  await volume.restore();
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
  expect(await verifyArchive(await openArchive(volume.task()), 'Filesystem')).toMatchObject({ digest: copied.digest });
});

test('a restore that had followed the copy which started over begins again', async () => {
  await using volume = await interruptedCopy(false);
  const restoring = volume.restore();
  const outcome = restoring.catch((error) => error);
  while (!volume.store.read.some((key) => key.endsWith('/packs/00000001'))) await sleep(5);
  renameSync(join(volume.source, 'z'), join(volume.source, 'b'));
  await volume.copy();
  expect(await outcome).toMatchObject({ kind: 'retryable', reason: 'OtherWriter' });
  await volume.restore();
  expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
});

test('what may be missing, or there twice, is told', async () => {
  await using volume = await interruptedCopy(false);
  renameSync(join(volume.source, 'a'), join(volume.source, 'n'));
  await volume.copy();
  expect(told(volume)).toEqual(['ChangedMeanwhile /', 'MovedMeanwhile n']);
  expect(await verifyArchive(await openArchive(volume.task()), 'Filesystem')).toMatchObject({ warnings: 2 });
});
