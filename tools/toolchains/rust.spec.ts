import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findRust } from './rust.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'godwit-rust-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** A directory of programs, each of which says a line, or, where that is undefined, ends as rustup's do for what is not installed. */
function install(name: string, says: Record<string, string | undefined>): string {
  const directory = join(home, name);
  mkdirSync(directory, { recursive: true });
  for (const [program, line] of Object.entries(says)) {
    const body = line === undefined ? 'exit 1' : `echo '${line}'`;
    writeFileSync(join(directory, program), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  return directory;
}

const old = { rustc: 'rustc 1.63.0', cargo: 'cargo 1.65.0' };
const recent = { rustc: 'rustc 1.96.0 (ac68faa20 2026-05-25)', cargo: 'cargo 1.96.0' };
const checkers = { 'cargo-clippy': 'clippy 0.1.96', 'cargo-fmt': 'rustfmt 1.9.0' };

const find = (use: 'build' | 'lint', ...path: string[]) =>
  findRust(use, { PATH: path.join(':'), CARGO_HOME: join(home, 'cargo') });

test('the first on PATH that is new enough comes first for what is started with it', async () => {
  const [first, second] = [install('old', old), install('recent', recent)];
  const found = await find('build', first, second, '/bin');
  expect(found?.compiler).toBe('rustc 1.96.0 (ac68faa20 2026-05-25)\n');
  expect(found?.env.PATH).toBe([second, first, second, '/bin'].join(':'));
});

test('one that is not on PATH is found where its installer puts it', async () => {
  const directory = install('cargo/bin', recent);
  expect((await find('build', '/bin'))?.env.PATH).toBe(`${directory}:/bin`);
});

test('for checks, one without the checkers, or with those that only seem to be there, is passed over', async () => {
  const [bare, seeming, whole] = [
    install('bare', recent),
    install('seeming', { ...recent, ...checkers, 'cargo-clippy': undefined }),
    install('whole', { ...recent, ...checkers }),
  ];
  expect((await find('lint', bare, seeming, whole))?.env.PATH).toMatch(new RegExp(`^${whole}:`));
  expect(await find('lint', bare, seeming)).toBeUndefined();
});

test('one that is too old is none', async () => {
  expect(await find('build', install('old', old))).toBeUndefined();
});
