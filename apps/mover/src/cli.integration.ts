import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createObjectStore } from '@godwit/object-store/create-object-store';
import { packKey } from '@godwit/volume-archive/archive-keys';
import { copyVolume } from '@godwit/volume-archive/copy-volume';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeSampleTree } from '../../../libs/volume-archive/src/testing/sample-tree.ts';
import { bundle } from './testing/mover-bundle.ts';
import { testStore } from './testing/test-store.ts';

/** The command line of the bundle, as processes, against a real S3 server. */
const store = testStore();
const objects = createObjectStore(store);
const home = mkdtempSync(join(tmpdir(), 'godwit-cli-'));
const source = join(home, 'source');
const key = Buffer.alloc(32, 7);
const prefix = 'runs/1/volumes/a';
let digest: string;

const copy = (change: object = {}) =>
  copyVolume({ root: source, volumeId: 'shop/data', mode: 'Filesystem', store: objects, prefix, key, ...change });

beforeAll(async () => {
  mkdirSync(source);
  makeSampleTree(source);
  ({ digest } = await copy({ index: true }));
}, 60_000);
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await objects.deletePrefix('runs');
  objects.close();
});

/** @returns a file with the configuration of a mover that restores this archive */
function configOf(archive: object = {}, volume: object = {}): string {
  const path = join(home, `${randomUUID()}.json`);
  const config = {
    version: 1,
    action: 'restore',
    volume: { id: 'shop/data', mode: 'Filesystem', ...volume },
    archive: { prefix, key: key.toString('base64'), ...archive },
    store,
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

async function run(...args: string[]) {
  const child = spawn(process.execPath, [bundle, ...args]);
  const [out, err] = [child.stdout, child.stderr].map((stream) => Array.fromAsync(stream as AsyncIterable<Buffer>));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, out: Buffer.concat((await out) ?? []), err: Buffer.concat((await err) ?? []).toString() };
}

/** As `sh` runs it; with the exit codes of all parts of a pipe. */
function shell(script: string) {
  return execFileSync('bash', ['-c', `${script} 2>&1; echo "\${PIPESTATUS[@]}"`], { encoding: 'utf8' });
}

test('ls tells of everything, for people and for programs', async () => {
  const text = await run('ls', '--config', configOf());
  expect(text).toMatchObject({ code: 0, err: '' });
  const lines = text.out.toString().trimEnd().split('\n');
  expect(lines[0]).toBe('drwxrws--x 1000/2000              0 2020-09-13 12:26:40 /');
  expect(lines).toContainEqual(expect.stringMatching(/^-rwsr-sr-x 12\/34 +10 .* data\/deep\/er\/script$/));
  expect(lines).toContainEqual(expect.stringMatching(/^l.* dangling-link -> \.\.\/nowhere\/at\/all$/));
  expect(lines).toContainEqual(expect.stringMatching(/^h.* data\/large-too link to data\/large$/));
  expect(lines).toContainEqual(expect.stringMatching(/ data\/f\\xff\\xfe\\x80$/));
  const json = await run('ls', '--json', '--config', configOf());
  const entries = json.out
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(entries).toHaveLength(lines.length);
  expect(entries.find(({ path }) => path === 'secret')).toMatchObject({
    kind: 'file',
    mode: '0000',
    uid: 4_000_000_000,
    size: 6,
  });
}, 30_000);

test.each([
  ['data/large', 'data/large'],
  ['/data/sparse', 'data/sparse'],
  ['data/large-too', 'data/large'],
])(
  'cat %s prints the content',
  async (path, of) => {
    const { code, out } = await run('cat', path, '--config', configOf());
    expect(code).toBe(0);
    const content = readFileSync(join(source, of));
    expect(out).toHaveLength(content.length);
    expect(out.equals(content)).toBe(true);
  },
  30_000,
);

test('cat takes a path of any bytes as ls shows it, and says why it prints nothing', async () => {
  expect((await run('cat', 'data/f\\xff\\xfe\\x80', '--config', configOf())).out).toEqual(Buffer.from([0x66, 0xff, 0xfe, 0x80]));
  const missing = await run('cat', 'data/none', '--config', configOf());
  expect([missing.code, missing.out.length, missing.err]).toEqual([
    1,
    0,
    expect.stringContaining('data/none is not in this archive'),
  ]);
}, 30_000);

test('a reader that has seen enough is no failure', () => {
  const node = `${process.execPath} ${bundle}`;
  expect(shell(`${node} cat data/zeros --config ${configOf()} | head -c 1 | wc -c`)).toBe('1\n0 0 0\n');
  expect(shell(`${node} cat data/large --config ${configOf()} | true`)).toBe('0 0\n');
}, 30_000);

test('verify tells what a sound archive holds', async () => {
  const { code, out } = await run('verify', '--json', '--config', configOf());
  expect([code, JSON.parse(out.toString())]).toEqual([0, expect.objectContaining({ digest, warnings: 0 })]);
  expect((await run('verify', '--config', configOf())).out.toString()).toContain(`digest:        ${digest}\n`);
}, 30_000);

test('extract restores the tree, as rsync sees it, and touches no directory that holds something', async () => {
  const target = join(home, 'made/anew');
  expect(await run('extract', target, '--config', configOf())).toMatchObject({ code: 0, err: '' });
  const compare = ['-aHAXn', '--checksum', '--delete', '-i', '--exclude=/lost+found', `${source}/`, `${target}/`];
  expect(execFileSync('rsync', compare, { encoding: 'utf8' })).toBe('');
  writeFileSync(join(target, 'of-mine'), 'mine');
  const again = await run('extract', target, '--config', configOf());
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('is not empty')]);
  expect(readdirSync(target)).toContain('of-mine');
  expect((await run('extract', target, '--replace', '--config', configOf())).code).toBe(0);
  expect(execFileSync('rsync', compare, { encoding: 'utf8' })).toBe('');
}, 60_000);

test('a block volume is a file: printed, extracted', async () => {
  const device = join(home, 'device');
  writeFileSync(device, Buffer.concat([randomBytes(2_000_000), Buffer.alloc(5_000_000)]));
  await copy({ root: device, mode: 'Block', prefix: 'runs/1/volumes/b' });
  const config = configOf({ prefix: 'runs/1/volumes/b' }, { mode: 'Block' });
  const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  expect(sha((await run('cat', '/', '--config', config)).out)).toBe(sha(readFileSync(device)));
  const target = join(home, 'image');
  expect((await run('extract', target, '--config', config)).code).toBe(0);
  expect(sha(readFileSync(target))).toBe(sha(readFileSync(device)));
}, 30_000);

test('of a delta that it is one is told, and a file that is whole in it is printed', async () => {
  writeFileSync(join(source, 'added'), 'new');
  const base = { prefix, volumeId: 'shop/data', key };
  await copy({ prefix: 'runs/2/volumes/a', base });
  const config = configOf({ prefix: 'runs/2/volumes/a' });
  const added = await run('cat', 'added', '--config', config);
  expect([added.code, added.out.toString()]).toEqual([0, 'new']);
  expect(added.err).toContain(`holds only what changed since the archive with digest ${digest}`);
  expect((await run('cat', 'data/random', '--config', config)).err).toContain('data/random is not in this archive');
  expect((await run('extract', join(home, 'of-delta'), '--config', config)).code).toBe(11);
}, 60_000);

test.each([
  ['no command', ['--json'], 'a command is missing'],
  ['an unknown command', ['list'], 'there is no command list'],
  ['an unknown option', ['ls', '--long'], "Unknown option '--long'"],
  ['an option of another command', ['cat', 'a', '--replace'], 'cat has no option --replace'],
  ['a missing argument', ['extract'], 'extract needs DIR'],
  ['an argument too many', ['cat', 'a', 'b'], 'cat takes no further argument: b'],
])('%s is wrong usage', async (_, args, message) => {
  const { code, out, err } = await run(...args);
  expect([code, out.length]).toEqual([2, 0]);
  expect(err).toContain(message);
  expect(err).toContain('Usage: godwit-mover');
});

test('--help is no error', async () => {
  const { code, out, err } = await run('ls', '--help');
  expect([code, err]).toEqual([0, '']);
  expect(out.toString()).toContain('Usage: godwit-mover');
});

test('what is wrong has the exit codes of the mover', async () => {
  const wrongKey = configOf({ key: Buffer.alloc(32, 8).toString('base64') });
  expect(await run('verify', '--config', wrongKey)).toMatchObject({ code: 5 });
  expect((await run('ls', '--config', join(home, 'nothing.json'))).code).toBe(2);
  const none = await run('ls', '--config', configOf({ prefix: 'runs/9/volumes/a' }));
  expect([none.code, none.err]).toEqual([9, expect.stringContaining('is not complete')]);
  await copy({ prefix: 'runs/3/volumes/a' });
  const damaged = configOf({ prefix: 'runs/3/volumes/a' });
  const second = packKey('runs/3/volumes/a', 1);
  const pack = await objects.get(second);
  pack[5000] = (pack[5000] ?? 0) ^ 1;
  await objects.delete([second]);
  await objects.put(second, pack);
  const verified = await run('verify', '--config', damaged);
  expect([verified.code, verified.err]).toEqual([5, expect.stringContaining('Pack 1 of the archive is damaged')]);
}, 60_000);
