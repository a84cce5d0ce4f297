import { expect, test } from '@jest/globals';
import { parsePath, showPath } from './path-text.ts';

test.each([
  ['a/b', 'a/b'],
  ['ünïcødé-名前/😀', 'ünïcødé-名前/😀'],
  ['line\nbreak', 'line\\x0abreak'],
  ['\u001b[31mred', '\\x1b[31mred'],
  ['\u009b31mred', '\\xc2\\x9b31mred'],
  ['back\\slash', 'back\\x5cslash'],
  ['\\x41', '\\x5cx41'],
])('%j is shown as %j, and is found again by that', (path, shown) => {
  expect(showPath(Buffer.from(path))).toBe(shown);
  expect(parsePath(shown).toString()).toBe(path);
});

test.each([
  [[0x66, 0xff, 0xfe, 0x80], 'f\\xff\\xfe\\x80'],
  [[0xc3, 0xbc, 0xff, 0xe5], 'ü\\xff\\xe5'],
  [[0xff, 0x0a, 0x5c], '\\xff\\x0a\\x5c'],
])('bytes that are not UTF-8 are escaped: %j', (bytes, shown) => {
  expect(showPath(Buffer.from(bytes))).toBe(shown);
  expect([...parsePath(shown)]).toEqual(bytes);
});

test('the root, and paths as people write them', () => {
  expect(showPath(Buffer.alloc(0))).toBe('/');
  expect(['/', '', '/a/b', 'a/b/'].map((text) => parsePath(text).toString())).toEqual(['', '', 'a/b', 'a/b']);
});
