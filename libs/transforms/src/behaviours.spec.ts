import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** docs/behaviours.md says where each behaviour is proven; it must not say so of what is not there. */
const ROOT = new URL('../../../', import.meta.url);
const CASES = new URL('libs/transforms/testdata/', ROOT);
const TEXT = readFileSync(new URL('docs/behaviours.md', ROOT), 'utf8');

const rows = [...TEXT.matchAll(/^\| (\d+)([a-z]?) +\| (.+?) +\| (.+?) +\|$/gm)].map(([, number, , what = '', proof = '']) => ({
  number: Number(number),
  what,
  proof,
}));

test('each of the 40 behaviours has its row', () => {
  const numbers = [...new Set(rows.map(({ number }) => number))].sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test('each is proven', () => {
  const unproven = rows.filter(({ proof }) => !/^`[^`]+`(, `[^`]+`)*$/.test(proof));
  expect(unproven).toEqual([]);
});

test('every file and golden case that is named is there', () => {
  const transforms = readdirSync(CASES);
  const named = [...TEXT.matchAll(/`([^`\s]+)`/g)].map(([, path = '']) => path);
  const files = named.filter((path) => /^(libs|apps|e2e)\//.test(path)).map((path) => new URL(path, ROOT));
  const cases = [...rows.flatMap(({ proof }) => proof.match(/[^`, ]+/g) ?? []), ...named]
    .filter((path) => path.includes('/') && transforms.includes(path.split('/')[0] as string))
    .map((path) => new URL(`${path}/expected.yaml`, CASES));
  expect([files.length > 40, cases.length > 100]).toEqual([true, true]);
  expect([...files, ...cases].filter((path) => !existsSync(path)).map(String)).toEqual([]);
});

test('a row names nothing but files and golden cases', () => {
  const transforms = readdirSync(CASES);
  const proofs = rows.flatMap(({ proof }) => proof.match(/[^`, ]+/g) ?? []);
  expect(proofs.filter((path) => !['libs', 'apps', 'e2e', ...transforms].includes(path.split('/')[0] as string))).toEqual([]);
});
