import { expect, test } from '@jest/globals';
import { keyOf, valueAt, withValueAt } from './paths.ts';

const form = { name: 'a', copy: { classes: { 'x.y': 'z' }, list: [1, 2] } };

test('finds values, and none where there is no way', () => {
  expect(valueAt(form, ['copy', 'classes', 'x.y'])).toBe('z');
  expect(valueAt(form, ['copy', 'nothing', 'x'])).toBeUndefined();
  expect(valueAt(form, [])).toBe(form);
});

test('changes one place and leaves the rest the same', () => {
  const changed = withValueAt(form, ['copy', 'list', 1], 3);
  expect(changed.copy.list).toEqual([1, 3]);
  expect(changed.copy.classes).toBe(form.copy.classes);
  expect(form.copy.list).toEqual([1, 2]);
});

test('makes what is missing on the way, and takes away', () => {
  expect(withValueAt({}, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
  expect(Object.keys(withValueAt(form, ['name'], undefined))).toEqual(['copy']);
});

test('a place has one key, whether its numbers are written as text', () => {
  expect(keyOf(['a', 0])).toBe(keyOf(['a', '0']));
  expect(keyOf(['a', 'b.c'])).not.toBe(keyOf(['a', 'b', 'c']));
});
