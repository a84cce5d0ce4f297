import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  type BigIntStats,
  closeSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { compareWalkOrder } from './byte-path.ts';
import { BLOCK, type EntryRow, type IndexRow } from './index-rows.ts';
import { keyedBlake3 } from './sealed-pack.ts';
import { type LaidEntry, layRecords, readArchive } from './second-reader.ts';
import { TestVolume } from './test-volume.ts';

function makeTree(root: string): void {
  const path = (name: string) => join(root, name);
  mkdirSync(path('dir/deeper'), { recursive: true });
  writeFileSync(path('a'), 'small');
  writeFileSync(path('dir/deeper/changed'), 'before');
  writeFileSync(path('dir/gone'), 'gone');
  writeFileSync(path('empty'), '');
  writeFileSync(path('large'), Buffer.concat([randomBytes(6_000_000), Buffer.alloc(4_000_000, 'text '), randomBytes(1234)]));
  const sparse = openSync(path('sparse'), 'w');
  writeSync(sparse, randomBytes(20_000), 0, 20_000, 1_000_000);
  ftruncateSync(sparse, 2_500_000);
  closeSync(sparse);
  linkSync(path('a'), path('dir/second-name'));
  symlinkSync('../outside', path('link'));
  execFileSync('mkfifo', [path('pipe')]);
  execFileSync('mknod', [path('device'), 'c', '1', '3']);
  writeFileSync(path('with-attributes'), 'x');
  execFileSync('setfattr', ['-n', 'user.one', '-v', 'first', path('with-attributes')]);
  execFileSync('setfattr', ['-n', 'user.two', '-v', 'second', path('with-attributes')]);
  execFileSync('setfattr', ['-n', 'user.of-a-directory', '-v', 'value', path('dir')]);
  utimesSync(path('a'), 0, -86_400.25);
}

const KINDS: [keyof BigIntStats, LaidEntry['kind']][] = [
  ['isFile', 'file'],
  ['isDirectory', 'directory'],
  ['isSymbolicLink', 'symlink'],
  ['isFIFO', 'fifo'],
  ['isCharacterDevice', 'characterDevice'],
];
const kindOf = (stat: BigIntStats) => KINDS.find(([is]) => (stat[is] as () => boolean).call(stat))?.[1];

/** The tree as Node sees it, in the order of the walk. */
function lookAt(root: string): Map<string, BigIntStats> {
  const paths = ['', ...(readdirSync(root, { recursive: true }) as string[])].sort(compareWalkOrder);
  return new Map(paths.map((path) => [path, lstatSync(join(root, path), { bigint: true })]));
}

function expectTree(volume: Map<string, LaidEntry>, root: string): void {
  const tree = lookAt(root);
  expect([...volume.keys()].sort(compareWalkOrder)).toEqual([...tree.keys()]);
  const firstNames = new Map<bigint, string>();
  for (const [path, stat] of tree) {
    const entry = volume.get(path);
    if (!entry) throw new Error(`${path} is missing`);
    const first = stat.nlink > 1n && !stat.isDirectory() ? firstNames.get(stat.ino) : undefined;
    if (!firstNames.has(stat.ino)) firstNames.set(stat.ino, path);
    const kind = first === undefined ? kindOf(stat) : 'hardlink';
    const { mode, uid, gid } = entry;
    const mtime = entry.mtimeSeconds * 1_000_000_000n + BigInt(entry.mtimeNanos);
    expect({ path, kind: entry.kind, mode, uid, gid, mtime }).toEqual({
      path,
      kind,
      mode: Number(stat.mode & 0o7777n),
      uid: Number(stat.uid),
      gid: Number(stat.gid),
      mtime: stat.mtimeNs,
    });
    if (kind === 'file') {
      expect(entry.size).toBe(Number(stat.size));
      expect(entry.data.equals(readFileSync(join(root, path)))).toBe(true);
    }
    if (kind === 'symlink') expect(entry.data.toString()).toBe(readlinkSync(join(root, path)));
    if (kind === 'hardlink') expect(entry.data.toString()).toBe(first);
    if (kind === 'characterDevice') expect([entry.major, entry.minor]).toEqual([1, 3]);
  }
}

/** One row for each entry, whose digests are those of what lies on the volume. */
function expectRows(rows: readonly IndexRow[], indexKey: Buffer, root: string): void {
  const digest = (bytes: Buffer) => keyedBlake3(indexKey, bytes).toString('hex', 0, 16);
  const tree = lookAt(root);
  const entries = rows.filter((row): row is EntryRow => row.type === 'entry' && !row.continued);
  expect(entries.map(({ path }) => path)).toEqual([...tree.keys()]);
  let at: { row: EntryRow; content: Buffer; covered: Set<number> } | undefined;
  for (const row of rows) {
    if (row.type === 'entry') {
      const stat = tree.get(row.path);
      const { inode, mtime, ctime, mode } = row;
      expect({ inode, mtime, ctime, mode }).toEqual({
        inode: stat?.ino,
        mtime: stat?.mtimeNs,
        ctime: stat?.ctimeNs,
        mode: Number((stat?.mode ?? 0n) & 0o7777n),
      });
      const content = row.kind === 'file' ? readFileSync(join(root, row.path)) : Buffer.alloc(0);
      if (row.kind === 'file' && !row.inBlocks) expect(row.content).toBe(digest(content));
      if (row.kind === 'symlink') expect(row.content).toBe(digest(Buffer.from(readlinkSync(join(root, row.path)))));
      if (at?.row.path !== row.path) at = { row, content, covered: new Set() };
    } else if (row.type === 'blocks') {
      for (const [index, told] of row.digests.entries()) {
        const start = row.offset + index * BLOCK;
        expect(at?.covered.has(start)).toBe(false);
        at?.covered.add(start);
        expect(told).toBe(digest(at?.content.subarray(start, start + BLOCK) ?? Buffer.alloc(0)));
      }
    } else {
      expect(row.size).toBe(at?.content.length);
      for (let start = 0; at && start < at.content.length; start += BLOCK) {
        const isZero = at.content.subarray(start, start + BLOCK).every((byte) => byte === 0);
        if (!at.covered.has(start)) expect(isZero).toBe(true);
      }
    }
  }
}

test('what the core wrote, read by the document: a whole archive, and what changed since', async () => {
  await using volume = new TestVolume();
  makeTree(volume.source);
  const identity = volume.task({ prefix: 'whole' });
  const copied = await volume.copy({ prefix: 'whole', index: true });
  const whole = await readArchive(volume.store, identity);
  expect(whole.closing).toMatchObject({ packs: copied.packs, files: copied.files, bytes: copied.bytes, digest: copied.digest });
  expect(whole.closing.packs).toBeGreaterThan(1);
  expect(whole.closing.base).toBeUndefined();
  const laid = new Map<string, LaidEntry>();
  layRecords(laid, whole.records);
  expectTree(laid, volume.source);
  expect(laid.get('with-attributes')?.attributes).toEqual([
    { name: 'user.one', value: Buffer.from('first') },
    { name: 'user.two', value: Buffer.from('second') },
  ]);
  expect(laid.get('dir')?.attributes).toEqual([{ name: 'user.of-a-directory', value: Buffer.from('value') }]);
  const indexKey = Buffer.from(whole.closing.indexKey ?? '', 'hex');
  expectRows(whole.rows, indexKey, volume.source);

  changeTree(volume.source);
  const changed = await volume.copy({ prefix: 'delta', index: true, base: identity });
  const delta = await readArchive(volume.store, volume.task({ prefix: 'delta' }));
  expect(delta.closing).toMatchObject({ base: copied.digest, digest: changed.digest, indexKey: whole.closing.indexKey });
  expect(delta.records[0]).toEqual({ type: 'base', digest: Buffer.from(copied.digest, 'hex') });
  expect(delta.closing.bytes).toBeLessThan(200_000);
  expect(delta.records.filter(({ type }) => type === 'hole').length).toBeGreaterThan(0);
  layRecords(laid, delta.records);
  expectTree(laid, volume.source);
  expectRows(delta.rows, indexKey, volume.source);
}, 60_000);

function changeTree(root: string): void {
  const path = (name: string) => join(root, name);
  writeFileSync(path('dir/deeper/changed'), 'after');
  rmSync(path('dir/gone'));
  writeFileSync(path('new'), 'new');
  const large = openSync(path('large'), 'r+');
  writeSync(large, randomBytes(5000), 0, 5000, 5_000_000);
  closeSync(large);
  appendFileSync(path('large'), randomBytes(10_000));
  execFileSync('fallocate', ['--punch-hole', '--offset', '1007616', '--length', '8192', path('sparse')]);
}

test('a device: its zeros are in no piece', async () => {
  await using volume = new TestVolume();
  const root = join(volume.source, 'device');
  const content = Buffer.alloc(3_000_000);
  randomBytes(100_000).copy(content, 1_500_000);
  writeFileSync(root, content);
  await volume.copy({ mode: 'Block', root, index: true });
  const { closing, records } = await readArchive(volume.store, volume.task());
  const laid = new Map<string, LaidEntry>();
  layRecords(laid, records);
  expect([...laid.keys()]).toEqual(['']);
  expect(laid.get('')?.kind).toBe('image');
  expect(laid.get('')?.data.equals(content)).toBe(true);
  expect(closing.bytes).toBeLessThan(300_000);
});
