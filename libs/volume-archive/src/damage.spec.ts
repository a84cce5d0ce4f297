import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packKey } from './archive-keys.ts';
import { TestVolume } from './testing/test-volume.ts';

const prefix = 'runs/1/volumes/a';

async function copiedVolume(): Promise<TestVolume> {
  const volume = new TestVolume();
  writeFileSync(join(volume.source, 'file'), Buffer.alloc(30_000_000, 'some text '));
  await volume.copy();
  return volume;
}
const pathOf = (volume: TestVolume, number: number) => volume.store.pathOf(packKey(prefix, number));

function change(path: string, edit: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  edit(bytes);
  writeFileSync(path, bytes);
}
const flip = (at: number) => (bytes: Buffer) => {
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
};

test.each([
  ['a byte of the body', (v: TestVolume) => change(pathOf(v, 2), flip(300)), 'Pack 2 of the archive is damaged'],
  ['a byte of the tag', (v: TestVolume) => change(pathOf(v, 2), flip(-1)), 'Pack 2 of the archive is damaged'],
  ['the digest in a header', (v: TestVolume) => change(pathOf(v, 1), flip(85)), 'Pack 1 of the archive is damaged'],
  ['the time in a header', (v: TestVolume) => change(pathOf(v, 1), flip(25)), 'Pack 1 of the archive is damaged'],
  ['the chain in a header', (v: TestVolume) => change(pathOf(v, 1), flip(120)), 'Pack 1 of the archive is damaged'],
  ['the magic', (v: TestVolume) => change(pathOf(v, 0), flip(0)), 'is not an object of a Godwit archive'],
  [
    'the version',
    (v: TestVolume) => change(pathOf(v, 0), (b) => b.writeUInt16LE(9, 8)),
    'has format version 9; this mover reads version 1',
  ],
  [
    'the plain length',
    (v: TestVolume) => change(pathOf(v, 0), (b) => b.writeUInt32LE(0xffffffff, 16)),
    'says that it holds 4294967295 bytes',
  ],
  ['a pack that is cut', (v: TestVolume) => truncateSync(pathOf(v, 1), 400), 'Pack 1 of the archive is cut or grown'],
  ['a pack that is cut to nothing', (v: TestVolume) => truncateSync(pathOf(v, 1), 0), 'Pack 1 of the archive is cut'],
  ['a pack that is missing', (v: TestVolume) => rmSync(pathOf(v, 1)), 'Pack 1 of the archive is missing'],
  [
    'the last pack missing',
    (v: TestVolume) => rmSync(pathOf(v, 3)),
    'Pack 3 of the archive is missing: the archive should have 4',
  ],
  ['two packs that changed places', (v: TestVolume) => swap(v, 1, 2), 'Pack 1 of the archive is really pack 2'],
  [
    'the closing object',
    (v: TestVolume) => change(v.store.pathOf(`${prefix}/closing`), flip(-20)),
    'The closing object of the archive is damaged',
  ],
])('%s: the damage is found and named', async (_, damage, message) => {
  await using volume = await copiedVolume();
  damage(volume);
  await expect(volume.restore()).rejects.toMatchObject({
    kind: 'fatal',
    reason: 'ArchiveDamaged',
    message: expect.stringContaining(message),
  });
});

function swap(volume: TestVolume, a: number, b: number): void {
  renameSync(pathOf(volume, a), `${pathOf(volume, a)}.draft`);
  renameSync(pathOf(volume, b), pathOf(volume, a));
  renameSync(`${pathOf(volume, a)}.draft`, pathOf(volume, b));
}

test('a pack of another volume of the same run is refused, also under the right number', async () => {
  await using volume = await copiedVolume();
  await volume.copy({ volumeId: 'shop/other', prefix: 'other' });
  copyFileSync(volume.store.pathOf(packKey('other', 1)), pathOf(volume, 1));
  await expect(volume.restore()).rejects.toMatchObject({
    reason: 'ArchiveDamaged',
    message: expect.stringContaining('Pack 1 of the archive belongs to something else'),
  });
});

test('a pack of an earlier copy of the same volume with other content breaks the chain', async () => {
  await using volume = await copiedVolume();
  writeFileSync(join(volume.source, 'file'), Buffer.alloc(30_000_000, 'other text '));
  await volume.copy({ prefix: 'later' });
  copyFileSync(volume.store.pathOf(packKey('later', 2)), pathOf(volume, 2));
  await expect(volume.restore()).rejects.toMatchObject({
    reason: 'ArchiveDamaged',
    message: expect.stringContaining('Pack 2 of the archive does not follow the one before it'),
  });
});

test('an archive that lost its end and was closed anew by nobody is never complete', async () => {
  await using volume = await copiedVolume();
  rmSync(volume.store.pathOf(`${prefix}/closing`));
  rmSync(pathOf(volume, 3));
  await expect(volume.restore({ stallTimeoutMs: 300 })).rejects.toMatchObject({ reason: 'Stalled' });
});

test('the closing object of another copy of the volume does not close this one', async () => {
  await using volume = await copiedVolume();
  writeFileSync(join(volume.source, 'file'), Buffer.alloc(30_000_000, 'other text '));
  await volume.copy({ prefix: 'later' });
  copyFileSync(volume.store.pathOf('later/closing'), volume.store.pathOf(`${prefix}/closing`));
  await expect(volume.restore()).rejects.toMatchObject({
    message: 'The packs of the archive are not those that its copy closed',
  });
});

test('the key of another run opens nothing', async () => {
  await using volume = await copiedVolume();
  await expect(volume.restore({ key: randomBytes(32) })).rejects.toMatchObject({
    reason: 'ArchiveDamaged',
    message: expect.stringContaining("not sealed with this run's key"),
  });
});
