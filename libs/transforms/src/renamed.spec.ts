import { expect, test } from '@jest/globals';
import { renamed, renamedPath, withRenamed } from './renamed.ts';

const namespaces = { shop: 'shop-dev' };

test('what is not migrated keeps its name, even if it is called like a member of every object', () => {
  expect(['shop', 'elsewhere', 'constructor'].map((name) => renamed(name, namespaces))).toEqual([
    'shop-dev',
    'elsewhere',
    'constructor',
  ]);
});

test('a path has its namespace renamed and nothing else', () => {
  expect(renamedPath('shop/shop', namespaces)).toBe('shop-dev/shop');
  expect(renamedPath('shop', namespaces)).toBe('shop');
});

test('a reference without a namespace stays without', () => {
  const local: { name: string; namespace?: string } = { name: 'shop' };
  expect(withRenamed(local, namespaces)).toStrictEqual(local);
  expect(withRenamed({ name: 'shop', namespace: 'shop' }, namespaces)).toStrictEqual({ name: 'shop', namespace: 'shop-dev' });
});
