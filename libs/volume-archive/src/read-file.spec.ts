import { randomBytes } from 'node:crypto';
import { appendFileSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packKey } from './archive-keys.ts';
import { openArchive } from './open-archive.ts';
import { readFile } from './read-file.ts';
import { later } from './testing/later.ts';
import { makeSampleTree } from './testing/sample-tree.ts';
import { TestVolume } from './testing/test-volume.ts';

async function contentOf(volume: TestVolume, path: string): Promise<Buffer> {
  const archive = await openArchive(volume.task());
  return Buffer.concat(await Array.fromAsync(readFile(archive, Buffer.from(path, 'latin1'))));
}

test.each([
  'empty',
  'data/small',
  'data/large',
  'data/large-too',
  'data/sparse',
  'data/zeros',
  'zz-third-name',
  'data/f\xff\xfe\x80',
])('%j has the content that was copied: of large files, with holes, of every name', async (path) => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  await volume.copy();
  const source = Buffer.concat([Buffer.from(`${volume.source}/`), Buffer.from(path, 'latin1')]);
  expect((await contentOf(volume, path)).equals(readFileSync(source))).toBe(true);
});

test('the empty path of a block volume is its image', async () => {
  await using volume = new TestVolume();
  const device = join(volume.source, 'device');
  const content = Buffer.concat([Buffer.alloc(1_000_000), randomBytes(3_000_000), Buffer.alloc(12_000_000)]);
  writeFileSync(device, content);
  await volume.copy({ mode: 'Block', root: device });
  expect((await contentOf(volume, '')).equals(content)).toBe(true);
});

test.each([
  ['data', 'data is a directory'],
  ['', '/ is a directory'],
  ['link', 'link is a symbolic link, which is not followed'],
  ['link-too', 'link-too is a symbolic link'],
  ['data/nothing', 'data/nothing is not in this archive'],
])('%j has no content: that is told', async (path, message) => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  await volume.copy();
  await expect(contentOf(volume, path)).rejects.toMatchObject({
    reason: 'NotReadable',
    message: expect.stringContaining(message),
  });
});

test('of a delta whole files are read; what is not whole in it is told', async () => {
  await using volume = new TestVolume();
  for (const name of ['large', 'same', 'old']) writeFileSync(join(volume.source, name), Buffer.alloc(3_000_000, name));
  await later(() => volume.copy({ prefix: 'first', index: true }));
  appendFileSync(join(volume.source, 'large'), 'more');
  linkSync(join(volume.source, 'old'), join(volume.source, 'older'));
  writeFileSync(join(volume.source, 'new'), 'new');
  await volume.copy({ base: volume.task({ prefix: 'first' }) });
  expect(`${await contentOf(volume, 'new')}`).toBe('new');
  await expect(contentOf(volume, 'large')).rejects.toThrow('large is not whole in this archive');
  await expect(contentOf(volume, 'same')).rejects.toThrow('same is not in this archive, which holds only what changed');
  await expect(contentOf(volume, 'older')).rejects.toThrow(/^older is not/);
});

test('packs behind the file are not read', async () => {
  await using volume = new TestVolume();
  writeFileSync(join(volume.source, 'a'), 'first');
  writeFileSync(join(volume.source, 'b'), randomBytes(30_000_000));
  await volume.copy();
  rmSync(volume.store.pathOf(packKey('runs/1/volumes/a', 3)));
  expect(`${await contentOf(volume, 'a')}`).toBe('first');
  await expect(contentOf(volume, 'b')).rejects.toMatchObject({ reason: 'ArchiveDamaged' });
});
