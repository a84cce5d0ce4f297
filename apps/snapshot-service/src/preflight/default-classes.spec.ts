import { expect, test } from '@jest/globals';
import { withDefaultClasses } from './default-classes.ts';

const classes = (...names: string[]) => ({
  storageClasses: names.map((name) => ({ name, provisioner: 'csi.example', isDefault: false })),
});

test('classes that a created destination has not, and nobody mapped, become its default class', () => {
  const { storageClasses, added } = withDefaultClasses(
    { fast: 'gp3', constructor: 'x' },
    classes('fast', 'slow', 'both'),
    classes('both', 'gp3'),
  );
  expect(added).toEqual(['slow']);
  expect(storageClasses).toEqual({ fast: 'gp3', slow: '', constructor: 'x' });
});

test('an empty mapping of a class is a mapping', () => {
  expect(withDefaultClasses({ fast: '' }, classes('fast'), classes())).toEqual({ storageClasses: { fast: '' }, added: [] });
});
