import { Selection } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { selectNamespaces } from './select-namespaces.ts';

const CLUSTER = ['shop', 'billing', 'kube-system', 'kube-public', 'kube-node-lease', 'godwit-system', 'default', 'shop-test'];
const select = (selection: object, names = CLUSTER) => selectNamespaces(Selection.parse(selection), names);

test('the full cluster is all but the namespaces of the system', () => {
  expect(select({})).toEqual({ selected: ['billing', 'default', 'shop', 'shop-test'], missing: [], refused: [] });
});

test('excludes names and globs', () => {
  expect(select({ excludeNamespaces: ['shop*', 'default'] }).selected).toEqual(['billing']);
  expect(select({ excludeNamespaces: ['shop-????'] }).selected).toEqual(['billing', 'default', 'shop']);
});

test('selects names and globs once each, and tells what matches nothing', () => {
  const { selected, missing } = select({ scope: 'Namespaces', namespaces: ['shop', 'sh*', 'gone', 'gone', 'x-*'] });
  expect(selected).toEqual(['shop', 'shop-test']);
  expect(missing).toEqual(['gone', 'x-*']);
});

test('a namespace of the system has to be named exactly', () => {
  expect(select({ scope: 'Namespaces', namespaces: ['kube-system'] }).selected).toEqual(['kube-system']);
  expect(select({ scope: 'Namespaces', namespaces: ['kube-*'] })).toMatchObject({ selected: [], missing: ['kube-*'] });
  expect(select({ scope: 'Namespaces', namespaces: ['*'] }).selected).toEqual(['billing', 'default', 'shop', 'shop-test']);
});

test('our own namespace is refused, not missing', () => {
  expect(select({ scope: 'Namespaces', namespaces: ['godwit-system', 'shop'] })).toEqual({
    selected: ['shop'],
    missing: [],
    refused: ['godwit-system'],
  });
  expect(select({ scope: 'Namespaces', namespaces: ['godwit-*'] }).selected).toEqual([]);
});
