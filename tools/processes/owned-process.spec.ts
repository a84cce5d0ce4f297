import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startOwned, waitUntilReady } from './owned-process.ts';
import { identify, isAlive, readRecord, writeRecord } from './process-record.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'godwit-owned-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('ends what an earlier owner left behind before it starts', async () => {
  const left = spawn('sleep', ['60'], { stdio: 'ignore' });
  mkdirSync(join(home, 'run'));
  writeRecord(join(home, 'run/sleeper.json'), left.pid!);
  const identity = identify(left.pid!)!;

  const owned = await startOwned({ name: 'sleeper', home, file: 'sleep', args: ['60'] });
  expect(isAlive(identity)).toBe(false);
  expect(readRecord(join(home, 'run/sleeper.json'))?.pid).toBe(owned.pid);
  await owned.stop();
});

test('does not touch a process that only has the recorded number', async () => {
  const other = identify(process.pid)!;
  expect(isAlive({ ...other, startTime: '1' })).toBe(false);
  expect(isAlive(other)).toBe(true);
});

test('insists when a program does not end as it is asked to', async () => {
  const lines: string[] = [];
  const script = "process.on('SIGTERM', () => undefined); console.log('up'); setInterval(() => undefined, 1000)";
  const args = ['-e', script];
  const owned = await startOwned({ name: 'deaf', home, file: process.execPath, args, onLine: (line) => lines.push(line) });
  await waitUntilReady(owned, async () => {
    if (!lines.includes('up')) throw new Error('not yet');
  });
  await owned.stop(100);
  expect(await owned.ended).toEqual({ code: null, signal: 'SIGKILL' });
});

test('tells what a program said that ended while it was starting', async () => {
  const owned = await startOwned({ name: 'broken', home, file: 'sh', args: ['-c', 'echo no such file >&2; exit 3'] });
  const failing = waitUntilReady(owned, () => Promise.reject(new Error('not yet')));
  await expect(failing).rejects.toThrow(/^broken ended while it was starting\. It said:\nno such file$/);
});

test('a program that cannot be run is told like one that ended', async () => {
  const owned = await startOwned({ name: 'absent', home, file: '/nonexistent/program', args: [] });
  await expect(waitUntilReady(owned, () => Promise.reject(new Error('not yet')))).rejects.toThrow('/nonexistent/program');
});
