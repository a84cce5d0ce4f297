import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Entry, entryRecord, type ForgedRecord, forge as forgeRecords } from './testing/forge.ts';
import { TestVolume } from './testing/test-volume.ts';

const root: Entry = { kind: 'directory', path: '' };

const forge = (volume: TestVolume, entries: readonly Entry[], tweak?: (plain: Buffer) => void) =>
  forgeRecords(volume.task(), entries.map(entryRecord), tweak);

/** The seals of these archives are right; what they hold is not. */
const refused = (message: string) => ({ kind: 'fatal', reason: 'ArchiveDamaged', message: expect.stringContaining(message) });

test('the forger makes archives that are taken when they are honest', async () => {
  await using volume = new TestVolume();
  await forge(volume, [root, { kind: 'file', path: 'a', data: 'content' }]);
  await volume.restore();
  expect(readFileSync(join(volume.destination, 'a'), 'utf8')).toBe('content');
});

describe('paths', () => {
  test.each(['/etc/passwd', '../outside', 'a/../../outside', '..', '.', 'a//b', 'a/', 'nul\0byte', 'x'.repeat(256)])(
    '%j is refused',
    async (path) => {
      await using volume = new TestVolume();
      await forge(volume, [root, { kind: 'directory', path: 'a' }, { kind: 'file', path, data: 'evil' }]);
      await expect(volume.restore()).rejects.toMatchObject(refused('not a path within a volume'));
      expect(existsSync(join(volume.home, 'outside'))).toBe(false);
    },
  );

  test('an empty path is the root alone', async () => {
    await using volume = new TestVolume();
    await forge(volume, [root, { kind: 'file', path: '', data: 'evil' }]);
    await expect(volume.restore()).rejects.toMatchObject(refused('not a path'));
  });
});

describe('symbolic links', () => {
  test('one of the archive is not followed by a later entry', async () => {
    await using volume = new TestVolume();
    mkdirSync(join(volume.home, 'outside'));
    await forge(volume, [
      root,
      { kind: 'symlink', path: 'link', data: join(volume.home, 'outside') },
      { kind: 'file', path: 'link/evil', data: 'evil' },
    ]);
    await expect(volume.restore()).rejects.toMatchObject(refused('in what is no directory'));
    expect(readdirSync(join(volume.home, 'outside'))).toEqual([]);
  });

  test('one that lies on the destination is replaced, not followed, as a directory and as a file', async () => {
    await using volume = new TestVolume();
    mkdirSync(join(volume.home, 'outside'));
    writeFileSync(join(volume.home, 'outside/file'), 'untouched');
    symlinkSync(join(volume.home, 'outside'), join(volume.destination, 'directory'));
    symlinkSync(join(volume.home, 'outside/file'), join(volume.destination, 'file'));
    await forge(volume, [
      root,
      { kind: 'directory', path: 'directory' },
      { kind: 'file', path: 'directory/inner', data: 'inner' },
      { kind: 'file', path: 'file', data: 'new' },
    ]);
    await volume.restore();
    expect(readdirSync(join(volume.home, 'outside'))).toEqual(['file']);
    expect(readFileSync(join(volume.home, 'outside/file'), 'utf8')).toBe('untouched');
    expect(readFileSync(join(volume.destination, 'directory/inner'), 'utf8')).toBe('inner');
    expect(readFileSync(join(volume.destination, 'file'), 'utf8')).toBe('new');
  });

  test('one without a target is refused', async () => {
    await using volume = new TestVolume();
    await forge(volume, [root, { kind: 'symlink', path: 'link', data: '' }]);
    await expect(volume.restore()).rejects.toMatchObject(refused('without a valid target'));
  });
});

describe('hard links', () => {
  test('to a path outside are refused', async () => {
    await using volume = new TestVolume();
    await forge(volume, [root, { kind: 'hardlink', path: 'link', data: '../../etc/passwd' }]);
    await expect(volume.restore()).rejects.toMatchObject(refused('not a path within a volume'));
  });

  test('through a symbolic link are refused', async () => {
    await using volume = new TestVolume();
    mkdirSync(join(volume.home, 'outside'));
    writeFileSync(join(volume.home, 'outside/secret'), 'secret');
    await forge(volume, [
      root,
      { kind: 'symlink', path: 'a', data: join(volume.home, 'outside') },
      { kind: 'hardlink', path: 'b', data: 'a/secret' },
    ]);
    await expect(volume.restore()).rejects.toMatchObject(refused('which it does not hold'));
    expect(existsSync(join(volume.destination, 'b'))).toBe(false);
  });

  test('to what comes later, to nothing and to a directory are refused', async () => {
    await using volume = new TestVolume();
    await forge(volume, [root, { kind: 'hardlink', path: 'a', data: 'b' }]);
    await expect(volume.restore()).rejects.toMatchObject(refused('comes later'));
    await forge(volume, [root, { kind: 'hardlink', path: 'b', data: 'a' }]);
    await expect(volume.restore()).rejects.toMatchObject(refused('which it does not hold'));
    await forge(volume, [root, { kind: 'directory', path: 'a' }, { kind: 'hardlink', path: 'b', data: 'a' }]);
    await expect(volume.restore()).rejects.toMatchObject(refused('to a directory'));
  });
});

describe('records', () => {
  test.each<[string, Entry[], string]>([
    ['no root', [{ kind: 'file', path: 'a' }], 'instead of the root'],
    ['a path twice', [root, { kind: 'file', path: 'a' }, { kind: 'file', path: 'a' }], 'out of order'],
    ['paths out of order', [root, { kind: 'file', path: 'b' }, { kind: 'file', path: 'a' }], 'out of order'],
    ['a parent that is missing', [root, { kind: 'file', path: 'a/b' }], 'in what is no directory'],
    ['a piece without its beginning', [root, { kind: 'file', path: 'a', first: false, data: 'x' }], 'without its beginning'],
    ['a file without its end', [root, { kind: 'file', path: 'a', last: false }, { kind: 'file', path: 'b' }], 'unfinished'],
    ['a last file without its end', [root, { kind: 'file', path: 'a', last: false }], 'unfinished'],
    ['a directory in pieces', [root, { kind: 'directory', path: 'a', last: false }], 'in pieces'],
    ['a device image', [root, { kind: 'image', path: '' }], 'of a Block volume'],
  ])('%s: refused', async (_, entries, message) => {
    await using volume = new TestVolume();
    await forge(volume, entries);
    await expect(volume.restore()).rejects.toMatchObject(refused(message));
  });

  test.each<[string, (plain: Buffer) => void, string]>([
    ['a data length beyond the pack', (plain) => plain.writeUInt32LE(0xffffffff, 48), 'longer than its pack'],
    ['a path length beyond the pack', (plain) => plain.writeUInt32LE(30_000, 28), 'ends within a record'],
    ['an unknown kind', (plain) => plain.writeUInt8(99, 1), 'unknown kind 99'],
    ['a length of attributes beyond the pack', (plain) => plain.writeUInt32LE(0xffffffff, 52), 'longer than its pack'],
    ['unknown flags', (plain) => plain.writeUInt8(0x83, 2), 'unknown flags 131'],
    ['a time that is none', (plain) => plain.writeUInt32LE(1_000_000_000, 24), 'a time that is none'],
    ['a size that no file has', (plain) => plain.writeBigUInt64LE(2n ** 63n, 32), 'a length that no file can have'],
    ['an unknown record', (plain) => plain.writeUInt8(99, 0), 'unknown type 99'],
    ['an offset that no file has', (plain) => plain.writeBigUInt64LE(2n ** 63n, 40), 'a length that no file can have'],
    ['counts that are not true', (plain) => plain.writeBigUInt64LE(7n, plain.length - 32), 'tells of 7 entries'],
  ])('%s: refused', async (_, tweak, message) => {
    await using volume = new TestVolume();
    await forge(volume, [root], tweak);
    await expect(volume.restore()).rejects.toMatchObject(refused(message));
  });

  test('a file larger than any file system holds is an error of writing, and nothing hangs', async () => {
    await using volume = new TestVolume();
    await forge(volume, [root, { kind: 'file', path: 'a', size: Number.MAX_SAFE_INTEGER }]);
    await expect(volume.restore()).rejects.toMatchObject({ reason: expect.stringMatching(/WriteFailed|NoSpace/) });
  });
});

describe('records of a delta', () => {
  const digest = Buffer.alloc(32, 1);
  const base: ForgedRecord = { type: 'base', digest };
  const file = (entry: Partial<Entry> = {}): ForgedRecord => entryRecord({ kind: 'file', path: 'a', data: 'x', ...entry });
  const rootRecord = entryRecord(root);

  test.each<[string, ForgedRecord[], string]>([
    ['a removal in an archive that stands alone', [rootRecord, { type: 'remove', path: 'a' }], 'not based on another'],
    ['a change in an archive that stands alone', [rootRecord, file({ patch: true })], 'not based on another'],
    ['a hole without its file', [rootRecord, { type: 'hole', offset: 0, length: 1 }], 'a hole without its file'],
    ['a base behind the first record', [rootRecord, base], 'tells its base in the middle'],
    ['a base told twice', [base, base, rootRecord], 'tells its base in the middle'],
    ['a removal of the root', [base, rootRecord, { type: 'remove', path: '' }], 'not a path within a volume'],
    ['a removal outside', [base, rootRecord, { type: 'remove', path: '../outside' }], 'not a path within a volume'],
    ['a removal out of order', [base, rootRecord, file({ path: 'b' }), { type: 'remove', path: 'a' }], 'out of order'],
    ['a removal within a file', [base, rootRecord, file({ last: false }), { type: 'remove', path: 'b' }], 'unfinished'],
  ])('%s: refused', async (_, records, message) => {
    await using volume = new TestVolume();
    mkdirSync(join(volume.home, 'outside'));
    await forgeRecords(volume.task(), records);
    await expect(volume.restore({ holds: digest.toString('hex') })).rejects.toMatchObject(refused(message));
    expect(existsSync(join(volume.home, 'outside'))).toBe(true);
  });

  test('a file of the destination that is a symbolic link by now is not written through', async () => {
    await using volume = new TestVolume();
    writeFileSync(join(volume.home, 'outside'), 'untouched');
    symlinkSync(join(volume.home, 'outside'), join(volume.destination, 'a'));
    await forgeRecords(volume.task(), [base, rootRecord, entryRecord({ kind: 'file', path: 'a', data: 'x', patch: true })]);
    const restoring = volume.restore({ holds: digest.toString('hex') });
    await expect(restoring).rejects.toMatchObject({ reason: 'BaseMissing' });
    expect(readFileSync(join(volume.home, 'outside'), 'utf8')).toBe('untouched');
  });

  test('a removal does not go through a symbolic link', async () => {
    await using volume = new TestVolume();
    mkdirSync(join(volume.home, 'outside'));
    writeFileSync(join(volume.home, 'outside/kept'), 'kept');
    symlinkSync(join(volume.home, 'outside'), join(volume.destination, 'a'));
    const records: ForgedRecord[] = [base, rootRecord, { type: 'remove', path: 'a/kept' }];
    await forgeRecords(volume.task(), records);
    const restoring = volume.restore({ holds: digest.toString('hex') });
    await expect(restoring).rejects.toMatchObject(refused('in what is no directory'));
    expect(readdirSync(join(volume.home, 'outside'))).toEqual(['kept']);
  });
});
