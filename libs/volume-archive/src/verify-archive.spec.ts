import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packKey } from './archive-keys.ts';
import { openArchive } from './open-archive.ts';
import { describeTree } from './testing/describe-tree.ts';
import { later } from './testing/later.ts';
import { makeSampleTree } from './testing/sample-tree.ts';
import { TestVolume } from './testing/test-volume.ts';
import { verifyArchive } from './verify-archive.ts';

const prefix = 'runs/1/volumes/a';
const verify = async (volume: TestVolume) => verifyArchive(await openArchive(volume.task()), 'Filesystem');

test('a sound archive holds what its copy told, and nothing is written anywhere', async () => {
  await using volume = new TestVolume();
  makeSampleTree(volume.source);
  const copied = await volume.copy({ index: true });
  const before = describeTree(volume.home);
  expect(await verify(volume)).toEqual({ ...copied, storedBytes: expect.any(Number) });
  expect(describeTree(volume.home)).toEqual(before);
});

test('a device, and a delta without its base', async () => {
  await using volume = new TestVolume();
  const device = join(volume.source, 'device');
  writeFileSync(device, randomBytes(3_000_000));
  const { digest } = await later(() => volume.copy({ mode: 'Block', root: device, prefix: 'first', index: true }));
  writeFileSync(device, randomBytes(100_000), { flag: 'r+' });
  const copied = await volume.copy({ mode: 'Block', root: device, base: volume.task({ prefix: 'first' }) });
  expect(await verifyArchive(await openArchive(volume.task()), 'Block')).toEqual({
    ...copied,
    base: digest,
    storedBytes: expect.any(Number),
  });
});

test.each<[string, (volume: TestVolume) => void, string]>([
  ['a byte', (v) => flip(pathOf(v, 1)), 'Pack 1 of the archive is damaged'],
  ['a pack that is missing', (v) => rmSync(pathOf(v, 2)), 'Pack 2 of the archive is missing'],
  ['a pack of another copy', (v) => copyFileSync(pathOf(v, 2, 'other'), pathOf(v, 2)), 'does not follow the one before it'],
  ['the last pack of another copy', (v) => copyFileSync(pathOf(v, 3, 'other'), pathOf(v, 3)), 'Pack 3 of the archive does not'],
  [
    'the closing object of another copy',
    (v) => copyFileSync(v.store.pathOf('other/closing'), v.store.pathOf(`${prefix}/closing`)),
    'are not those that its copy closed',
  ],
])('%s: the damage is found and named', async (_, damage, message) => {
  await using volume = new TestVolume();
  for (const at of ['other', prefix]) {
    writeFileSync(join(volume.source, 'file'), randomBytes(30_000_000));
    expect(await volume.copy({ prefix: at })).toMatchObject({ packs: 4 });
  }
  damage(volume);
  await expect(verify(volume)).rejects.toMatchObject({
    kind: 'fatal',
    reason: 'ArchiveDamaged',
    message: expect.stringContaining(message),
  });
});

function pathOf(volume: TestVolume, number: number, of = prefix): string {
  return volume.store.pathOf(packKey(of, number));
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[5000] = (bytes[5000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
