import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { closingKey, packKey } from './archive-keys.ts';
import { sealClosing } from './closing-object.ts';
import { PACK_SIZE, PackBuilder } from './pack-builder.ts';
import type { EntryKind, EntryMeta } from './record.ts';
import { CHAIN_START, digestPlain, drawSalt, nextChain, sealPlain } from './seal.ts';
import { TestVolume } from './testing/test-volume.ts';

/** An archive whose seals are right and whose writer is not to be trusted: what a stolen key could make. */
type Entry = { kind: EntryKind; path: string; data?: string; size?: number; first?: boolean; last?: boolean; offset?: number };

const meta = (kind: EntryKind, path: string, size = 0): EntryMeta => ({
  kind,
  path,
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtimeSeconds: 0n,
  mtimeNanos: 0,
  size,
  major: 0,
  minor: 0,
});
const root: Entry = { kind: 'directory', path: '' };

async function forge(volume: TestVolume, entries: readonly Entry[], tweak: (plain: Buffer) => void = () => {}): Promise<void> {
  const builder = new PackBuilder(Buffer.alloc(PACK_SIZE));
  let bytes = 0;
  for (const { kind, path, data = '', size = data.length, first = true, last = true, offset = 0 } of entries) {
    builder.add(meta(kind, path, kind === 'file' ? size : 0), { first, last, offset }, Buffer.from(data, 'latin1'));
    if (kind === 'file') bytes += data.length;
  }
  const files = entries.filter(({ kind, last = true }) => last && kind !== 'directory').length;
  const counts = { entries: entries.filter(({ last = true }) => last).length, files, bytes, warnings: 0 };
  const plain = builder.finish(counts);
  tweak(plain);
  const { key, volumeId: name, prefix, store } = volume.task();
  const digest = digestPlain(key, name, plain);
  const request = { key, kind: 'pack' as const, name, number: 0, startedAt: 0, salt: drawSalt(), digest, chain: CHAIN_START };
  await store.put(packKey(prefix, 0), await sealPlain(request, plain));
  const totals = { packs: 1, ...counts, digest: nextChain(CHAIN_START, digest).toString('hex') };
  await store.put(closingKey(prefix), await sealClosing(volume.task(), totals, 0));
}

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
    ['a data length beyond the pack', (plain) => plain.writeUInt32LE(0xffffffff, 48), 'longer than the pack'],
    ['a path length beyond the pack', (plain) => plain.writeUInt32LE(30_000, 28), 'longer than the pack'],
    ['an unknown kind', (plain) => plain.writeUInt8(99, 1), 'unknown kind 99'],
    ['an unknown record', (plain) => plain.writeUInt8(99, 0), 'unknown type 99'],
    ['an offset that no file has', (plain) => plain.writeBigUInt64LE(2n ** 63n, 40), 'too large'],
    ['counts that are not true', (plain) => plain.writeBigUInt64LE(7n, plain.length - 32), 'tells of 7 entries'],
  ])('%s: refused', async (_, tweak, message) => {
    await using volume = new TestVolume();
    await forge(volume, [root], tweak);
    await expect(volume.restore()).rejects.toMatchObject(refused(message));
  });

  test('a file larger than any file system holds is an error of writing, and nothing hangs', async () => {
    await using volume = new TestVolume();
    await forge(volume, [root, { kind: 'file', path: 'a', size: Number.MAX_SAFE_INTEGER }]);
    await expect(volume.restore()).rejects.toMatchObject({ kind: 'fatal', reason: expect.stringMatching(/WriteFailed|NoSpace/) });
  });
});
