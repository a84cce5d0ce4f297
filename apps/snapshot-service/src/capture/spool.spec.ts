import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Spool } from './spool.ts';

let directory: string;
let spool: Spool;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spool-spec-'));
  spool = await Spool.open(directory);
});
afterEach(async () => {
  await spool.close();
  await rm(directory, { recursive: true });
});

const read = (isWanted: (line: number) => boolean) => Array.fromAsync(spool.read(isWanted));

test('lines of several writers come back in the order of their numbers', async () => {
  const writers = ['a', 'b', 'c', 'd'].map((name) => Array.from({ length: 50 }, (_, index) => `${name}${index} ü€😀`));
  const firsts = await Promise.all(writers.map((lines) => spool.append(lines)));
  const all = await read(() => true);
  expect(all.map(({ line }) => line)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  for (const [index, lines] of writers.entries()) {
    expect(all.slice(firsts[index]!, firsts[index]! + 50).map(({ text }) => text)).toEqual(lines);
  }
});

test('only wanted lines come back', async () => {
  await spool.append(['a', 'b']);
  expect(await spool.append([])).toBe(2);
  await spool.append(['c', '', 'e']);
  expect(await read((line) => line === 1 || line === 3)).toEqual([
    { line: 1, text: 'b' },
    { line: 3, text: '' },
  ]);
  expect(await read(() => false)).toEqual([]);
});

test('nobody finds the file or reads it', async () => {
  await spool.append(['the password of the database']);
  expect(await readdir(directory)).toEqual([]);
  const descriptors = await readdir('/proc/self/fd');
  const targets = await Promise.all(descriptors.map(async (fd) => [fd, await readlink(`/proc/self/fd/${fd}`).catch(() => '')]));
  const [fd] = targets.find(([, target]) => target?.startsWith(directory))!;
  const stored = await readFile(`/proc/self/fd/${fd}`, 'latin1');
  expect(stored.length).toBeGreaterThan(16);
  expect(stored).not.toContain('password');
});
