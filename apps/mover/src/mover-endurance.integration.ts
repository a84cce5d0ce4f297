import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import { afterAll, expect, test } from '@jest/globals';
import { bundle } from './testing/mover-bundle.ts';
import { testStore } from './testing/test-store.ts';

/** Movers as processes that are killed, and that have much to do with little memory. */
const KILLS = 5;
const MOST_RESIDENT_KIB = 200 * 1024;
const config = testStore();
const objects = createObjectStore(config);
const home = mkdtempSync(join(tmpdir(), 'godwit-endurance-'));

afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await objects.deletePrefix('runs');
  objects.close();
}, 120_000); // a hundred thousand files, of which a slow disk makes slow work

function newVolume() {
  const name = join(home, randomUUID());
  const [source, destination] = [join(name, 'source'), join(name, 'destination')];
  for (const path of [source, destination]) mkdirSync(path, { recursive: true });
  const archive = { prefix: `runs/${randomUUID()}/volumes/a`, key: randomBytes(32).toString('base64') };
  /** Runs a mover, for so long at most. @returns its exit code (null: it was killed) and the most memory it had resident, in KiB */
  const run = async (action: 'copy' | 'restore', streams: number, killAfterMs?: number) => {
    const file = join(name, randomUUID());
    const volume = { id: 'shop/data', mode: 'Filesystem', path: action === 'copy' ? source : destination };
    // So slow that those that are to be killed have not ended by then.
    const limit = killAfterMs === undefined ? {} : { maxBytesPerSecond: 5_000_000 };
    writeFileSync(file, JSON.stringify({ version: 1, action, volume, archive, store: config, streams, ...limit }));
    const env = { ...process.env, GODWIT_MOVER_CONFIG: file, GODWIT_MOVER_RESULT: `${file}.result` };
    // The kernel's own account of the whole life of a process that has ended.
    const account =
      'import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); print("resident", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)';
    const mover = [process.execPath, bundle];
    const [program, ...args] = killAfterMs === undefined ? ['python3', '-c', account, ...mover] : mover;
    const child = spawn(program!, args, { env });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.resume();
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    const code = await new Promise<number | null>((ended) => child.once('close', ended));
    clearTimeout(timer);
    return { code, resident: Number(/^resident (\d+)$/m.exec(output)?.[1]) };
  };
  const differences = () =>
    execFileSync('rsync', ['-aHAXn', '--checksum', '--delete', '-i', `${source}/`, `${destination}/`], { encoding: 'utf8' });
  return { source, run, differences };
}

test('movers with four streams that are killed again and again end with the same tree', async () => {
  const { source, run, differences } = newVolume();
  for (let index = 0; index < 1000; index += 1) writeFileSync(join(source, `small-${index}`), randomBytes(index));
  writeFileSync(join(source, 'large'), randomBytes(120_000_000));
  for (let round = 0; round < KILLS; round += 1) {
    const killed = await Promise.all([run('copy', 4, randomInt(200, 1_000)), run('restore', 4, randomInt(200, 1_000))]);
    expect(killed.map(({ code }) => code)).toEqual([null, null]);
  }
  const ends = await Promise.all([run('copy', 4), run('restore', 4)]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(differences()).toBe('');
}, 120_000);

test('sixteen streams, many tiny files and a large one keep within 200 MiB', async () => {
  const { source, run, differences } = newVolume();
  const many = join(source, 'many');
  mkdirSync(many);
  for (let index = 0; index < 100_000; index += 1) writeFileSync(join(many, String(index)), String(index));
  for (let part = 0; part < 4; part += 1) writeFileSync(join(source, 'large'), randomBytes(100_000_000), { flag: 'a' });
  for (const action of ['copy', 'restore'] as const) {
    const { code, resident } = await run(action, 16);
    expect(code).toBe(0);
    expect(resident).toBeLessThan(MOST_RESIDENT_KIB);
  }
  expect(differences()).toBe('');
}, 180_000);
