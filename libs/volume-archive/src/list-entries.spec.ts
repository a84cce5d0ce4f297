import { execFileSync } from 'node:child_process';
import { appendFileSync, lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type ArchiveEntry, listEntries } from './list-entries.ts';
import { openArchive } from './open-archive.ts';
import { compareWalkOrder } from './testing/byte-path.ts';
import { later } from './testing/later.ts';
import { makeSampleTree } from './testing/sample-tree.ts';
import { TestVolume } from './testing/test-volume.ts';

async function listed(volume: TestVolume, prefix = 'runs/1/volumes/a'): Promise<Map<string, ArchiveEntry>> {
  const entries = await Array.fromAsync(listEntries(await openArchive(volume.task({ prefix }))));
  const paths = entries.map(({ path }) => path.toString('latin1'));
  expect(paths.toSorted(compareWalkOrder)).toEqual(paths);
  const byPath = new Map(entries.map((entry, index) => [paths[index] ?? '', entry]));
  expect(byPath.size).toBe(entries.length);
  return byPath;
}

test('every entry of the volume is listed once, in the order of the walk, as the file system has it', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  await volume.copy();
  const entries = await listed(volume);
  const found = execFileSync('find', ['.', '-mindepth', '1', '-not', '-path', './lost+found*', '-printf', '%P\\0'], {
    cwd: volume.source,
    encoding: 'latin1',
  });
  const inArchive = found.split('\0').slice(0, -1);
  expect([...entries.keys()].toSorted()).toEqual(['', ...inArchive].toSorted());
  for (const [path, { mode, uid, gid, size, mtimeSeconds, kind }] of entries) {
    const stat = lstatSync(Buffer.concat([Buffer.from(`${volume.source}/`), Buffer.from(path, 'latin1')]));
    if (kind !== 'hardlink') expect([mode, uid, gid]).toEqual([stat.mode & 0o7777, stat.uid, stat.gid]);
    if (kind === 'file') expect([size, Math.round(mtimeSeconds * 1000)]).toEqual([stat.size, Math.round(stat.mtimeMs)]);
  }
});

test('links tell of their targets', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  await volume.copy();
  const entries = await listed(volume);
  const of = (path: string) => `${entries.get(path)?.kind} ${entries.get(path)?.target}`;
  expect(['link', 'data/small', 'data/large-too'].map(of)).toEqual([
    'symlink data/small',
    'hardlink data/deep/another-name',
    'hardlink data/large',
  ]);
});

test('a device is one image', async () => {
  await using volume = new TestVolume();
  const device = join(volume.source, 'device');
  writeFileSync(device, Buffer.alloc(3_000_000, 1));
  await volume.copy({ mode: 'Block', root: device });
  expect([...(await listed(volume))]).toMatchObject([['', { kind: 'image', size: 3_000_000 }]]);
});

test('of a delta what changed is listed, and what it changes in place is told', async () => {
  await using volume = new TestVolume();
  for (const name of ['large', 'same']) writeFileSync(join(volume.source, name), Buffer.alloc(3_000_000, name));
  await later(() => volume.copy({ prefix: 'first', index: true }));
  appendFileSync(join(volume.source, 'large'), 'more');
  writeFileSync(join(volume.source, 'new'), 'new');
  await volume.copy({ base: volume.task({ prefix: 'first' }) });
  const told = [...(await listed(volume))].map(([path, { size, isPatch }]) => [path, size, isPatch]);
  expect(told).toEqual([
    ['', 0, false],
    ['large', 3_000_004, true],
    ['new', 3, false],
  ]);
});

test('an archive whose copy has not ended is refused, and one that is not there', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'file'), 'content');
  await volume.copy();
  await volume.store.delete(['runs/1/volumes/a/closing']);
  await expect(openArchive(volume.task())).rejects.toMatchObject({
    reason: 'Stalled',
    message: 'The archive runs/1/volumes/a is not complete: it has no closing object',
  });
  await expect(openArchive(volume.task({ prefix: 'other' }))).rejects.toThrow('There is no archive other');
});
