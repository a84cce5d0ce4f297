import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mirror } from './mirror.ts';

let home: string;
let from: string;
let to: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'godwit-mirror-'));
  [from, to] = [join(home, 'from'), join(home, 'to')];
  mkdirSync(join(from, 'src'), { recursive: true });
  for (const [path, content] of Object.entries({ 'Cargo.toml': 'a', 'src/lib.rs': 'b' }))
    writeFileSync(join(from, path), content);
});
afterEach(() => rmSync(home, { recursive: true }));

test('a copy is made, of the named files alone', () => {
  writeFileSync(join(from, 'notes'), 'c');
  mirror(from, ['Cargo.toml', 'src/lib.rs'], to);
  expect(globSync('**/*', { cwd: to }).sort()).toEqual(['Cargo.toml', 'src', 'src/lib.rs']);
  expect(readFileSync(join(to, 'src/lib.rs'), 'utf8')).toBe('b');
});

test('what is the same keeps its time, what differs is written, what is no longer wanted goes', () => {
  mirror(from, ['Cargo.toml', 'src/lib.rs'], to);
  writeFileSync(join(to, 'src/old.rs'), '');
  for (const path of ['Cargo.toml', 'src/lib.rs']) utimesSync(join(to, path), 1, 1);
  writeFileSync(join(from, 'src/lib.rs'), 'B');
  mirror(from, ['Cargo.toml', 'src/lib.rs'], to);
  expect(statSync(join(to, 'Cargo.toml')).mtimeMs).toBe(1_000);
  expect(statSync(join(to, 'src/lib.rs')).mtimeMs).toBeGreaterThan(1_000);
  expect(readFileSync(join(to, 'src/lib.rs'), 'utf8')).toBe('B');
  expect(globSync('src/*', { cwd: to })).toEqual(['src/lib.rs']);
});
