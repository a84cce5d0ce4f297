import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamOrderKey } from '@godwit/contracts/archive-layout';
import { MoverLine, MoverResult } from '@godwit/contracts/mover-protocol';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import { sealBlob } from '@godwit/volume-archive/seal';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { makeSampleTree } from '../../../libs/volume-archive/src/testing/sample-tree.ts';
import { bundle } from './testing/mover-bundle.ts';
import { testStore } from './testing/test-store.ts';

/** The bundle as it lies in the image, as processes, against a real S3 server. */
const store = testStore();
const objects = createObjectStore(store);
const home = mkdtempSync(join(tmpdir(), 'godwit-mover-'));
const children: ChildProcess[] = [];
let source: string;
let destination: string;
let runPrefix: string;

beforeEach(() => {
  runPrefix = `runs/${randomUUID()}/volumes/a`;
  source = join(home, randomUUID());
  destination = join(home, randomUUID());
  mkdirSync(source);
  mkdirSync(destination);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
  await objects.deletePrefix('runs');
  objects.close();
});

interface Change {
  store?: object;
  archive?: object;
  maxBytesPerSecond?: number;
  streams?: number;
  streamOrder?: number;
  stallTimeoutSeconds?: number;
  index?: boolean;
  base?: object;
  holds?: string;
}

function start(action: 'copy' | 'restore', { store: storeChange, archive, ...rest }: Change = {}) {
  const name = join(home, randomUUID());
  const config = {
    version: 1,
    action,
    volume: { id: 'shop/data', mode: 'Filesystem', path: action === 'copy' ? source : destination },
    archive: { prefix: runPrefix, key: Buffer.alloc(32, 7).toString('base64'), ...archive },
    store: { ...store, ...storeChange },
    ...rest,
  };
  writeFileSync(`${name}.json`, JSON.stringify(config));
  const env = { ...process.env, GODWIT_MOVER_CONFIG: `${name}.json`, GODWIT_MOVER_RESULT: `${name}.result` };
  const child = spawn(process.execPath, [bundle], { env });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const ended = new Promise<{ code: number | null; result: () => MoverResult; lines: () => MoverLine[] }>((done) => {
    child.on('close', (code) =>
      done({
        code,
        result: () => MoverResult.parse(JSON.parse(readFileSync(`${name}.result`, 'utf8'))),
        lines: () =>
          output
            .trimEnd()
            .split('\n')
            .map((line) => MoverLine.parse(JSON.parse(line))),
      }),
    );
  });
  return { child, ended, output: () => output };
}

/** By a tool of others: prints nothing when both trees are the same in content, owners, modes, times, links and names. */
function differences(): string {
  return execFileSync(
    'rsync',
    ['-aHAXn', '--checksum', '--delete', '-i', '--exclude=/lost+found', `${source}/`, `${destination}/`],
    {
      encoding: 'utf8',
    },
  );
}

/** @returns of each pack its key and its header, which tells who wrote it: each start of a copy draws its own salt */
async function packs(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of objects.list(`${runPrefix}/packs/`)) {
    found.push(`${key} ${(await objects.get(key, { first: 144 })).toString('hex')}`);
  }
  return found;
}

test('a restore that runs beside the copy ends with the same tree, as rsync sees it', async () => {
  makeSampleTree(source);
  const restore = start('restore');
  const copy = start('copy');
  const [copied, restored] = await Promise.all([copy.ended, restore.ended]);
  expect([copied.code, restored.code]).toEqual([0, 0]);
  expect(differences()).toBe('');
  expect(restored.result().digest).toBe(copied.result().digest);
  expect(copied.result()).toMatchObject({ ok: true, warnings: 0 });
  const lines = copied.lines();
  expect(lines[0]).toEqual({ type: 'progress', bytesDone: 0, filesDone: 0, storedBytes: 0, streams: 1, streamOrder: 0 });
  expect(lines.at(-1)).toMatchObject({ filesDone: copied.result().files, filesTotal: copied.result().files });
}, 60_000);

test('a copy and a restore that are killed and started again end with the same tree, and no pack is sent twice', async () => {
  makeSampleTree(source);
  writeFileSync(join(source, 'more'), randomBytes(60_000_000));
  const first = { copy: start('copy', { maxBytesPerSecond: 20_000_000 }), restore: start('restore') };
  while ((await packs()).length < 4) await new Promise((done) => setTimeout(done, 50));
  first.copy.child.kill('SIGKILL');
  first.restore.child.kill('SIGKILL');
  await Promise.all([first.copy.ended, first.restore.ended]);
  const before = await packs();
  const second = await Promise.all([start('copy').ended, start('restore').ended]);
  expect(second.map(({ code }) => code)).toEqual([0, 0]);
  expect(differences()).toBe('');
  const kept = new Set(await packs());
  // Those beyond a gap may be sent again: at most the ones that were under way together.
  expect(before.filter((pack) => !kept.has(pack)).length).toBeLessThan(3);
}, 60_000);

test('a mover that runs follows the order of its side, and what it follows is no part of the volume', async () => {
  writeFileSync(join(source, 'large'), randomBytes(48_000_000));
  const key = streamOrderKey(runPrefix, 'copy');
  const order = (content: object) => objects.put(key, sealBlob(Buffer.alloc(32, 7), key, Buffer.from(JSON.stringify(content))));
  await order({ order: 5, streams: 16 });
  const copy = start('copy', { maxBytesPerSecond: 3_000_000, streams: 2, streamOrder: 5 });
  while ((await packs()).length < 1) await new Promise((done) => setTimeout(done, 50));
  await order({ order: 6, streams: 3 });
  const { code, lines } = await copy.ended;
  expect(code).toBe(0);
  const said = lines().flatMap((line) => (line.type === 'progress' ? [`${line.streams} by ${line.streamOrder}`] : []));
  expect([...new Set(said)]).toEqual(['2 by 5', '3 by 6']);
  await start('restore', { streams: 2 }).ended;
  expect(differences()).toBe('');
}, 60_000);

test('SIGTERM ends it within a second, with its own exit code', async () => {
  writeFileSync(join(source, 'large'), randomBytes(60_000_000));
  const copy = start('copy', { maxBytesPerSecond: 5_000_000 });
  while ((await packs()).length < 1) await new Promise((done) => setTimeout(done, 50));
  const asked = performance.now();
  copy.child.kill('SIGTERM');
  const { code, result } = await copy.ended;
  expect(performance.now() - asked).toBeLessThan(1000);
  expect(code).toBe(130);
  expect(result()).toMatchObject({ ok: false, error: { reason: 'Cancelled' } });
}, 30_000);

test.each([
  ['a configuration that is not valid', 'copy', { store: { bucket: 'NO BUCKET' } }, 2, 'BadConfig'],
  ['a key of the wrong length', 'copy', { archive: { key: 'AAAA' } }, 2, 'BadConfig'],
  ['an address where nothing listens', 'copy', { store: { endpoint: 'http://127.0.0.1:9' } }, 3, 'StoreUnreachable'],
  ['a secret key that is wrong', 'copy', { store: { secretAccessKey: 'wrong-secret-key' } }, 4, 'StoreRefused'],
  ['a bucket that is not there', 'copy', { store: { bucket: 'not-there' } }, 4, 'StoreRefused'],
  ['a copy that never comes', 'restore', { stallTimeoutSeconds: 1 }, 9, 'Stalled'],
] as const)(
  '%s: %s ends with its exit code and reason',
  async (_, action, change, code, reason) => {
    const { ended, output } = start(action, change);
    const end = await ended;
    expect(end.result()).toMatchObject({ ok: false, error: { reason } });
    expect(end.code).toBe(code);
    const told = output() + JSON.stringify(end.result());
    for (const secret of [store.secretAccessKey, 'wrong-secret-key', 'NO BUCKET', Buffer.alloc(32, 7).toString('base64')]) {
      expect(told).not.toContain(secret);
    }
  },
  60_000,
);

test('another key than that of the copy is told', async () => {
  writeFileSync(join(source, 'file'), 'content');
  await start('copy').ended;
  const { code, result } = await start('restore', { archive: { key: Buffer.alloc(32, 8).toString('base64') } }).ended;
  expect(code).toBe(5);
  expect(result().error?.message).toContain("was not sealed with this run's key");
}, 30_000);

test('a copy based on an earlier one sends what changed, and is laid over the state of that one', async () => {
  makeSampleTree(source);
  writeFileSync(join(source, 'large'), randomBytes(30_000_000));
  const first = (await start('copy', { index: true }).ended).result();
  expect((await start('restore').ended).code).toBe(0);
  const base = { prefix: runPrefix, volumeId: 'shop/data', key: Buffer.alloc(32, 7).toString('base64') };
  runPrefix = `runs/${randomUUID()}/volumes/a`;
  writeFileSync(join(source, 'large'), 'now small');
  writeFileSync(join(source, 'added'), randomBytes(1000));
  const second = (await start('copy', { index: true, base }).ended).result();
  expect(second).toMatchObject({ ok: true, base: first.digest });
  expect(second.storedBytes).toBeLessThan(100_000);
  const onNothing = await start('restore').ended;
  expect([onNothing.code, onNothing.result().error?.reason]).toEqual([11, 'BaseMissing']);
  const restored = await start('restore', { holds: first.digest }).ended;
  expect(restored.code).toBe(0);
  expect(restored.result()).toMatchObject({ base: first.digest, digest: second.digest });
  expect(differences()).toBe('');
}, 60_000);

test('of many warnings the first hundred are printed, and all are counted', async () => {
  // Sockets are not copied. A server of node's would remove its socket when it ends.
  const bind = 'import socket, sys; [socket.socket(socket.AF_UNIX).bind(f"{sys.argv[1]}/{n}") for n in range(130)]';
  execFileSync('python3', ['-c', bind, source]);
  const { result, lines } = await start('copy').ended;
  expect(result().warnings).toBe(130);
  expect(lines().filter(({ type }) => type === 'warning')).toHaveLength(100);
}, 30_000);
