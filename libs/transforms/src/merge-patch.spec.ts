import { expect, test } from '@jest/globals';
import { mergePatch } from './merge-patch.ts';

/** The examples of RFC 7386, appendix A. */
test.each<[unknown, unknown, unknown]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j + %j = %j', (target, patch, result) => {
  expect(mergePatch(target, patch)).toEqual(result);
});

test('a key that is called like the prototype is a key', () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__": {"isAdmin": true}}')) as { isAdmin?: boolean };
  expect(Object.keys(merged)).toEqual(['__proto__']);
  expect(merged.isAdmin).toBeUndefined();
});
