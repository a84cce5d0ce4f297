import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packKey } from './archive-keys.ts';
import { openArchive } from './open-archive.ts';
import { describeTree } from './testing/describe-tree.ts';
import { type Entry, entryRecord, forge } from './testing/forge.ts';
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

const root: Entry = { kind: 'directory', path: '' };
const file = (path: string): Entry => ({ kind: 'file', path, data: 'content' });

test.each<[string, Entry[], string]>([
  ['no root', [file('a')], 'begins with a instead of the root'],
  ['names out of order', [root, file('b'), file('a')], 'holds a after b, out of order'],
  ['a name twice', [root, file('a'), file('a')], 'holds a after a, out of order'],
  ['a parent that comes later', [root, file('a/b'), { kind: 'directory', path: 'a' }], 'holds a/b in what is no directory'],
  ['a parent that is a file', [root, file('a'), file('a/b')], 'holds a/b in what is no directory'],
  ['a piece without its beginning', [root, { ...file('a'), first: false }], 'holds a piece of a without its beginning'],
  ['a file without its end', [root, { ...file('a'), last: false }, file('b')], 'leaves a unfinished'],
  ['a file without its end at the end', [root, { ...file('a'), last: false }], 'leaves a unfinished'],
  ['a directory in pieces', [root, { kind: 'directory', path: 'a', last: false }], 'holds a in pieces'],
  ['a link to a later name', [root, { kind: 'hardlink', path: 'a', data: 'b' }, file('b')], 'links a to b, which comes later'],
  ['a symbolic link to nothing', [root, { kind: 'symlink', path: 'a', data: '' }], 'the symbolic link a without a valid target'],
  ['a change without a base', [root, { ...file('a'), patch: true }], 'changes a, and is not based on another'],
  ['a device among files', [root, { kind: 'image', path: '', data: 'x' }], 'is of another kind of volume'],
])('an archive with right seals and %s is not sound', async (_, entries, message) => {
  await using volume = new TestVolume();
  await forge(volume.task(), entries.map(entryRecord));
  await expect(verify(volume)).rejects.toMatchObject({ reason: 'ArchiveDamaged', message: expect.stringContaining(message) });
});
