import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assertSafePath, compareWalkOrder } from './byte-path.ts';

test('the order of the walk: a directory, what is in it, then names that begin like its own', () => {
  const walked = ['', 'a', 'a/b', 'a/b/c', 'a/c', 'a-b', 'a.b', 'ab', 'b', '\xff'];
  expect([...walked].reverse().sort(compareWalkOrder)).toEqual(walked);
});

test('the order is one: antisymmetric, and equal for equal paths alone', () => {
  const path = fc.array(fc.stringMatching(/^[-.!a/]{1,3}$/), { maxLength: 3 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(path, path, (a, b) => {
      expect(Math.sign(compareWalkOrder(a, b)) + Math.sign(compareWalkOrder(b, a))).toBe(0);
      expect(compareWalkOrder(a, b) === 0).toBe(a === b);
    }),
  );
});

test.each(['a', 'a/b', '...', '..a', 'a..', ' ', '\n', 'a/.b'])('%j is a safe path', (path) => {
  expect(() => assertSafePath(path)).not.toThrow();
});

test('a path of more than 32 KiB is refused', () => {
  expect(() => assertSafePath('a/'.repeat(20_000) + 'a')).toThrow('a path of 40001 bytes');
});
