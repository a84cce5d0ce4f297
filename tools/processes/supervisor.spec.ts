import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { restartDelayMs, type Supervised, supervise } from './supervisor.ts';

let home: string;
let supervised: Supervised | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'godwit-supervisor-'));
});
afterEach(async () => {
  await supervised?.stop();
  rmSync(home, { recursive: true });
});

test('starts again at once, then ever more slowly, up to ten seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 20].map(restartDelayMs)).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('a program that is killed runs again, in another process, and its end is told', async () => {
  const events: string[] = [];
  supervised = await supervise({ name: 'sleeper', home, file: 'sleep', args: ['60'] }, (line) => events.push(line));
  const first = supervised.current()!.pid;
  supervised.current()!.kill('SIGKILL');
  while (supervised.restarts() === 0) await sleep(10);
  expect(supervised.current()!.isRunning()).toBe(true);
  expect(supervised.current()!.pid).not.toBe(first);
  expect(events).toEqual(['ended (SIGKILL); starting it again']);
});

test('a program that was stopped stays so', async () => {
  supervised = await supervise({ name: 'sleeper', home, file: 'sleep', args: ['60'] }, () => undefined);
  const { ended } = supervised.current()!;
  await supervised.stop();
  expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });
  expect(supervised.current()).toBeUndefined();
});

test('a program that is stopped just as it is started again stays so', async () => {
  supervised = await supervise({ name: 'sleeper', home, file: 'sleep', args: ['60'] }, () => undefined);
  const first = supervised.current()!;
  first.kill('SIGKILL');
  await first.ended;
  await supervised.stop();
  expect(supervised.current()).toBeUndefined();
});
