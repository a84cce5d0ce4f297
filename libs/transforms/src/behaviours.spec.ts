import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** docs/behaviours.md says where each behaviour is proven; it must not say so of what is not there. */
const ROOT = new URL('../../../', import.meta.url);
const TEXT = readFileSync(new URL('docs/behaviours.md', ROOT), 'utf8');
const NOT_BUILT = [23];

const rows = [...TEXT.matchAll(/^\| (\d+)([a-z]?) \| (.+?) \| (.+?) \|$/gm)].map(([, number, , what = '', proof = '']) => ({
  number: Number(number),
  what,
  proof,
}));

test('each of the 40 behaviours has its row', () => {
  const numbers = [...new Set(rows.map(({ number }) => number))].sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test('each is proven, but for what is not built', () => {
  const unproven = rows.filter(({ proof }) => !/^`[^`]+`(, `[^`]+`)*$/.test(proof));
  expect(unproven.map(({ number, proof }) => [number, proof])).toEqual(NOT_BUILT.map((number) => [number, 'not yet']));
});

test('every file and golden case that is named is there', () => {
  const named = [...TEXT.matchAll(/`((?:libs|apps|e2e)\/[^`]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(100);
  const missing = named.filter((path) => !existsSync(new URL(path, ROOT)));
  expect(missing).toEqual([]);
});
