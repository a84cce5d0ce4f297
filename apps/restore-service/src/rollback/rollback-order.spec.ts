import { APPLY_TIERS } from '@godwit/transforms/apply-tiers';
import { expect, test } from '@jest/globals';
import { ROLLBACK_ORDER, typesByTier } from './rollback-order.ts';

const type = (group: string, kind: string, verbs = ['list', 'delete']) => ({
  group,
  version: 'v1',
  kind,
  plural: `${kind.toLowerCase()}s`,
  namespaced: true,
  shortNames: [],
  verbs,
});

test('every tier is taken back once: admission first, custom resources before what runs their controllers, namespaces late', () => {
  expect(ROLLBACK_ORDER.toSorted()).toEqual(APPLY_TIERS.map(({ name }) => name).sort());
  expect(ROLLBACK_ORDER).toEqual([
    'admission',
    'quotas',
    'traffic-and-scaling',
    'custom-workloads',
    'custom-resources',
    'workloads',
    'services',
    'claims',
    'volumes',
    'configuration',
    'role-bindings',
    'service-accounts',
    'roles',
    'classes',
    'namespaces',
    'custom-resource-definitions',
  ]);
});

test('only kinds that can be listed and deleted are looked through', () => {
  const types = [type('apps', 'Deployment'), type('', 'Binding', ['create']), type('example.com', 'Widget')];
  expect([...typesByTier(types)].map(([tier, of]) => [tier, of.map(({ kind }) => kind)])).toEqual([
    ['workloads', ['Deployment']],
    ['custom-workloads', ['Widget']],
  ]);
});
