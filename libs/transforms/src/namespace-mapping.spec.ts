import { NamespaceRename } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { namespaceMapping } from './namespace-mapping.ts';

const mapping = (rename: Partial<NamespaceRename>, names: string[]) => namespaceMapping(NamespaceRename.parse(rename), names);

test('puts prefix and suffix on every name but those in the map', () => {
  const { map, problems } = mapping({ prefix: 'eu-', suffix: '-dev', map: { sales: 'shop' } }, ['sales', 'hr']);
  expect(map).toEqual({ sales: 'shop', hr: 'eu-hr-dev' });
  expect(problems).toEqual([]);
});

test('without a rename every selected namespace maps to itself, whatever it is called', () => {
  const { map, problems } = mapping({}, ['sales', 'constructor']);
  expect(map).toEqual({ sales: 'sales', constructor: 'constructor' });
  expect(problems).toEqual([]);
});

test('lets two namespaces swap names', () => {
  expect(mapping({ map: { a: 'b', b: 'a' } }, ['a', 'b'])).toEqual({ map: { a: 'b', b: 'a' }, problems: [] });
});

test('refuses two namespaces that would become one, and names both', () => {
  const { problems } = mapping({ map: { sales: 'hr' } }, ['sales', 'hr']);
  expect(problems).toMatchObject([{ severity: 'error', reason: 'NamespaceCollision', object: 'Namespace hr' }]);
  expect(problems[0]?.message).toContain('sales, hr');
});

test('allows 63 characters and refuses 64', () => {
  const problems = (length: number) => mapping({ suffix: '-dev' }, ['a'.repeat(length - 4)]).problems;
  expect(problems(63)).toEqual([]);
  expect(problems(64)).toMatchObject([{ severity: 'error', reason: 'NamespaceNameTooLong' }]);
});

test('refuses to rename into a namespace of the system, and leaves one that was named alone', () => {
  expect(mapping({ map: { sales: 'godwit-system' } }, ['sales']).problems).toMatchObject([{ reason: 'NamespaceReserved' }]);
  expect(mapping({}, ['kube-system']).problems).toEqual([]);
});

test('warns of a rename of what is not selected', () => {
  expect(mapping({ map: { gone: 'new' } }, ['sales']).problems).toMatchObject([
    { severity: 'warning', reason: 'NamespaceNotSelected' },
  ]);
});
