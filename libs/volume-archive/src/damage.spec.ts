import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { closingKey, packKey } from './archive-keys.ts';
import type { CopyTask } from './copy-volume.ts';
import { HEADER_LENGTH } from './sealed-header.ts';
import { TestVolume } from './testing/test-volume.ts';

const prefix = 'runs/1/volumes/a';

async function copiedVolume(change: Partial<CopyTask> = {}): Promise<TestVolume> {
  const volume = new TestVolume();
  writeFileSync(join(volume.source, 'file'), Buffer.alloc(30_000_000, 'some text '));
  await volume.copy(change);
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

describe('a later attempt of the same copy', () => {
  /** Packs 2 and 3 are of a second attempt, in which the volume held something else. Those of the first are handed to `replay`. */
  async function copiedTwice(volume: TestVolume): Promise<(key: string) => void> {
    const keys = [packKey(prefix, 2), packKey(prefix, 3), closingKey(prefix)];
    const earlier = new Map(keys.map((key) => [key, readFileSync(volume.store.pathOf(key))]));
    await volume.store.delete(keys);
    change(join(volume.source, 'file'), (bytes) => bytes.fill('other text ', 20_000_000));
    await volume.copy();
    for (const [key, bytes] of earlier) expect(readFileSync(volume.store.pathOf(key)).equals(bytes)).toBe(false);
    return (key) => writeFileSync(volume.store.pathOf(key), earlier.get(key) ?? '');
  }

  test.each([
    ['a pack', packKey(prefix, 2), 'Pack 3 of the archive does not follow the one before it'],
    ['the last pack', packKey(prefix, 3), 'Pack 3 of the archive does not follow the one before it'],
    ['the closing object', closingKey(prefix), 'The packs of the archive are not those that its copy closed'],
  ])('%s of the earlier attempt is refused', async (_, key, message) => {
    await using volume = await copiedVolume();
    const replay = await copiedTwice(volume);
    replay(key);
    await expect(volume.restore()).rejects.toMatchObject({ reason: 'ArchiveDamaged', message });
  });

  test('a pack of the earlier attempt, while the later one has not closed the archive, may be gone when one begins again', async () => {
    await using volume = await copiedVolume();
    const replay = await copiedTwice(volume);
    const later = readFileSync(pathOf(volume, 2));
    const closing = readFileSync(volume.store.pathOf(closingKey(prefix)));
    rmSync(volume.store.pathOf(closingKey(prefix)));
    replay(packKey(prefix, 2));
    await expect(volume.restore()).rejects.toMatchObject({
      kind: 'retryable',
      reason: 'OtherWriter',
      message: expect.stringContaining('Pack 3 of the archive does not follow the one before it'),
    });
    writeFileSync(pathOf(volume, 2), later);
    writeFileSync(volume.store.pathOf(closingKey(prefix)), closing);
    await volume.restore();
    expect(sameFiles(volume)).toBe(true);
  });

  test.each([
    [false, { kind: 'retryable', reason: 'OtherWriter' }],
    [true, { kind: 'fatal', reason: 'ArchiveDamaged' }],
  ])('a pack that is deleted after it was listed, in an archive that is closed: %s', async (isClosed, error) => {
    await using volume = await copiedVolume();
    if (!isClosed) rmSync(volume.store.pathOf(closingKey(prefix)));
    volume.store.fault = ({ method, url }) => {
      if (method === 'GET' && url?.endsWith('/packs/00000002')) rmSync(pathOf(volume, 2));
      return false;
    };
    await expect(volume.restore()).rejects.toMatchObject({
      ...error,
      message: expect.stringContaining('Pack 2 of the archive was deleted'),
    });
  });

  test('all that follows a pack of the earlier attempt, put back together, is the end of another archive', async () => {
    await using volume = await copiedVolume();
    const replay = await copiedTwice(volume);
    replay(packKey(prefix, 2));
    replay(packKey(prefix, 3));
    await expect(volume.restore()).rejects.toMatchObject({
      message: 'The packs of the archive are not those that its copy closed',
    });
  });
});

test.each([
  ['grown', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])])],
  ['cut within its header', (bytes: Buffer) => bytes.subarray(0, 100)],
  ['cut behind its header', (bytes: Buffer) => bytes.subarray(0, 160)],
  ['cut within its index', (bytes: Buffer) => bytes.subarray(0, 170)],
  ['cut by its last byte', (bytes: Buffer) => bytes.subarray(0, -1)],
])('a pack that is %s is refused', async (_, edit) => {
  await using volume = await copiedVolume({ index: true });
  writeFileSync(pathOf(volume, 1), edit(readFileSync(pathOf(volume, 1))));
  await expect(volume.restore()).rejects.toMatchObject({
    reason: 'ArchiveDamaged',
    message: expect.stringContaining('Pack 1 of the archive is cut'),
  });
});

describe('the base of a delta', () => {
  const INDEX_AT = HEADER_LENGTH;
  const damages: [string, (v: TestVolume) => void, string][] = [
    ['a byte of an index section', (v) => change(pathOf(v, 1), flip(INDEX_AT + 3)), 'Pack 1 of the archive is damaged'],
    [
      'the length of an index',
      (v) => change(pathOf(v, 1), (b) => b.writeUInt32LE(0xffffffff, 144)),
      'its index holds 4294967295',
    ],
    ['an index that is said to be none', (v) => change(pathOf(v, 1), (b) => b.writeUInt32LE(0, 148)), 'is cut or grown'],
    ['an index that is taken out', (v) => takeOutIndex(pathOf(v, 1)), 'Pack 1 of the archive is damaged'],
    ['a pack cut within its index', (v) => truncateSync(pathOf(v, 1), INDEX_AT + 10), 'Pack 1 of the archive is cut'],
    ['the digest in a header', (v) => change(pathOf(v, 1), flip(85)), 'Pack 1 of the archive is damaged'],
    ['the chain in a header', (v) => change(pathOf(v, 1), flip(120)), 'Pack 1 of the archive is damaged'],
    ['two packs that changed places', (v) => swap(v, 1, 2), 'Pack 1 of the archive is really pack 2'],
    ['a pack that is missing', (v) => rmSync(pathOf(v, 2)), 'does not exist'],
    [
      'the closing object',
      (v) => change(v.store.pathOf(closingKey(prefix)), flip(-20)),
      'The closing object of the archive is damaged',
    ],
    ['no closing object', (v) => rmSync(v.store.pathOf(closingKey(prefix))), 'is not there, or is not complete'],
  ];

  test.each(damages)('%s: it is told, and the volume is copied as a whole', async (_, damage, message) => {
    await using volume = await copiedVolume({ index: true });
    damage(volume);
    const copied = await volume.copy({ prefix: 'later', base: volume.task() });
    expect(copied).not.toHaveProperty('base');
    expect(volume.warnings).toMatchObject([{ reason: 'BaseNotUsed', message: expect.stringContaining(message) }]);
    await volume.restore({ prefix: 'later' });
    expect(sameFiles(volume)).toBe(true);
  });

  test.each(damages)('%s: a delta that was begun on it does not go on', async (_, damage) => {
    await using volume = await copiedVolume({ index: true });
    change(join(volume.source, 'file'), (bytes) => randomBytes(12_000_000).copy(bytes, 5_000_000));
    const { packs, base } = await volume.copy({ prefix: 'later', base: volume.task() });
    expect([packs, base]).toEqual([expect.any(Number), expect.any(String)]);
    await volume.store.delete([packKey('later', packs - 1), closingKey('later')]);
    damage(volume);
    await expect(volume.copy({ prefix: 'later', base: volume.task() })).rejects.toMatchObject({ reason: 'BaseMissing' });
  });

  test('a pack of another copy of the same volume, in its place, is not taken for the base', async () => {
    await using volume = await copiedVolume({ index: true });
    change(join(volume.source, 'file'), (bytes) => bytes.fill('other text '));
    await volume.copy({ prefix: 'other', index: true });
    copyFileSync(volume.store.pathOf(packKey('other', 1)), pathOf(volume, 1));
    await volume.copy({ prefix: 'later', base: volume.task() });
    expect(volume.warnings).toMatchObject([
      { reason: 'BaseNotUsed', message: expect.stringContaining('does not follow the one before it') },
    ]);
  });
});

/** All but the seal is as if the pack had never had an index. */
function takeOutIndex(path: string): void {
  const bytes = readFileSync(path);
  const bodyAt = HEADER_LENGTH + bytes.readUInt32LE(148);
  bytes.writeUInt32LE(0, 144);
  bytes.writeUInt32LE(0, 148);
  writeFileSync(path, Buffer.concat([bytes.subarray(0, HEADER_LENGTH), bytes.subarray(bodyAt)]));
}

const sameFiles = (volume: TestVolume) =>
  readFileSync(join(volume.destination, 'file')).equals(readFileSync(join(volume.source, 'file')));
