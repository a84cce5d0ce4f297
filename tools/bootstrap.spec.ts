import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const wanted = {
  '': { name: 'godwit' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/elsewhere': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};
const { '': _root, 'node_modules/elsewhere': _optional, ...installed } = wanted;

/** In place of npm: tells how it was called, and leaves what an installation leaves. */
const NPM = `
const fs = require('node:fs');
fs.writeFileSync('npm-was-called', process.argv.slice(2).join(' '));
fs.writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(JSON.stringify({ packages: installed }))});
`;

let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'godwit-clone-'));
  const node = join(clone, `node_modules/node-${process.platform}-${process.arch}/bin`);
  for (const directory of [node, join(clone, 'tools')]) mkdirSync(directory, { recursive: true });
  symlinkSync(process.execPath, join(node, 'node'));
  copyFileSync('tools/bootstrap.mjs', join(clone, 'tools/bootstrap.mjs'));
  writeFileSync(join(clone, 'npm.cjs'), NPM);
  writeFileSync(join(clone, 'tool.mjs'), 'console.log(process.argv.slice(2).join()); process.exit(7);');
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages: wanted }));
});
afterEach(() => rmSync(clone, { recursive: true }));

const haveInstalled = (packages: object) =>
  writeFileSync(join(clone, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));

const run = () => {
  const env = { ...process.env, npm_execpath: join(clone, 'npm.cjs') };
  const { status, stdout } = spawnSync(process.execPath, [join(clone, 'tools/bootstrap.mjs'), 'tool.mjs', 'one', 'two'], { env });
  return { status, stdout: stdout.toString() };
};

test('hands over at once, with arguments and exit code, when what is installed is what is locked', () => {
  haveInstalled(installed);
  expect(run()).toEqual({ status: 7, stdout: 'one,two\n' });
  expect(existsSync(join(clone, 'npm-was-called'))).toBe(false);
});

test.each([
  ['nothing is installed', undefined, 'none are installed'],
  ['a package is missing', {}, 'node_modules/a is missing'],
  ['a package has another version', { 'node_modules/a': { version: '0.9.0' } }, 'node_modules/a is not 1.0.0'],
  [
    'a package has other contents',
    { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } },
    'node_modules/a is not 1.0.0',
  ],
  ['a package is there that nobody wants', { ...installed, 'node_modules/z': {} }, 'node_modules/z is no longer wanted'],
])('installs, without install scripts, when %s', (_case, packages, reason) => {
  if (packages) haveInstalled(packages);
  const { status, stdout } = run();
  expect(stdout).toBe(`Installing the dependencies (${reason}); this takes a minute or two.\none,two\n`);
  expect(status).toBe(7);
  expect(readFileSync(join(clone, 'npm-was-called'), 'utf8')).toMatch(/^ci --ignore-scripts /);
});
