import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { describeTree } from './testing/describe-tree.ts';
import { later } from './testing/later.ts';
import { mutateTree } from './testing/mutate-tree.ts';
import { Random } from './testing/random.ts';
import type { ProcessTask } from './testing/run-volume.ts';
import { TestVolume } from './testing/test-volume.ts';

const SCRIPT = fileURLToPath(new URL('testing/run-volume.ts', import.meta.url));
const NODE_ARGS = ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
const KILLS = 4;

/**
 * Runs a task in a process of its own, which is killed so long after its work began, unless it is done before.
 * @returns its totals, unless it was killed
 */
async function run(task: ProcessTask, killAfterMs?: number): Promise<object | undefined> {
  const child = spawn(process.execPath, [...NODE_ARGS, SCRIPT, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: Buffer[] = [];
  child.stderr.on('data', (bytes) => errors.push(bytes));
  const ended = once(child, 'close');
  let last = '';
  for await (const line of createInterface(child.stdout)) {
    last = line;
    if (line === 'begins' && killAfterMs !== undefined) void setTimeout(killAfterMs).then(() => child.kill('SIGKILL'));
  }
  const [code, signal] = await ended;
  if (signal === 'SIGKILL') return undefined;
  if (code !== 0) throw new Error(Buffer.concat(errors).toString());
  return JSON.parse(last);
}

function changeTree(root: string, random: Random, large: readonly string[]): void {
  mutateTree(root, random, 60);
  for (const name of large) {
    rmSync(join(root, name), { recursive: true, force: true });
    writeFileSync(join(root, name), random.bytes(17_000_000));
  }
}

test.each([
  ['copy and restore', false],
  ['delta and its restore', true],
])(
  'a %s whose processes are killed again and again end with the same tree, and nothing is sent twice',
  async (_, isDelta) => {
    await using volume = new TestVolume();
    const random = new Random(isDelta ? 11 : 12);
    changeTree(volume.source, random, ['large', 'z-large']);
    const common = { objects: join(volume.home, 'store'), prefix: 'runs', key: volume.key.toString('hex'), streams: 2 };
    let copying: ProcessTask = { ...common, work: 'copy', root: volume.source };
    let restoring: ProcessTask = { ...common, work: 'restore', root: volume.destination };
    if (isDelta) {
      const { digest } = await later(() => volume.copy({ prefix: 'base', index: true }));
      await volume.restore({ prefix: 'base' });
      changeTree(volume.source, random, ['large', 'm-large']);
      copying = { ...copying, base: 'base' };
      restoring = { ...restoring, holds: digest };
    }
    let killed = 0;
    for (let left = KILLS; left > 0; left -= 1) {
      const before = await packsOf(volume);
      if (!(await run(copying, 10 + random.below(150)))) killed += 1;
      expect((await packsOf(volume)).slice(0, before.length)).toEqual(before);
    }
    const copied = await run(copying);
    for (let left = KILLS; left > 0; left -= 1) if (!(await run(restoring, 10 + random.below(100)))) killed += 1;
    const restored = await run(restoring);
    expect(killed).toBeGreaterThan(0);
    expect(describeTree(volume.destination)).toEqual(describeTree(volume.source));
    expect(restored).toMatchObject({ ...copied, storedBytes: expect.any(Number) });
  },
  60_000,
);

/** Which packs a restore may have read already, each by what tells it from another that took its place. */
async function packsOf(volume: TestVolume): Promise<string[]> {
  const packs = await volume.store.keys('runs/packs/');
  const gap = packs.findIndex((key, number) => !key.endsWith(`/${String(number).padStart(8, '0')}`));
  return packs.slice(0, gap === -1 ? packs.length : gap).map((key) => `${key} ${statSync(volume.store.pathOf(key)).ino}`);
}
