import type { KubernetesObject, OwnerReference } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { LandedOwners, observeOwners } from './landed-owners.ts';

const reference = (uid: string, more: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: 'shop.example/v1beta1',
  kind: 'Shop',
  name: 'corner',
  uid,
  controller: true,
  ...more,
});
const shop = (uid: string, namespace?: string): KubernetesObject => ({
  apiVersion: 'shop.example/v1',
  kind: 'Shop',
  metadata: { name: 'corner', ...(namespace ? { namespace } : {}), uid },
});

test('an owner that has landed is referred to as the destination knows it', () => {
  const owners = new LandedOwners(new Set(['old']));
  owners.land('old', shop('new', 'moved'));
  expect(owners.remap([reference('old', { blockOwnerDeletion: true })], 'moved')).toEqual({
    references: [reference('new', { apiVersion: 'shop.example/v1', blockOwnerDeletion: true })],
    missing: [],
  });
});

test('a UID of the source never reaches the destination', () => {
  const owners = new LandedOwners(new Set(['old', 'other']));
  owners.land('old', shop('new', 'moved'));
  const { references, missing } = owners.remap([reference('old'), reference('other')], 'moved');
  expect(references.map(({ uid }) => uid)).toEqual(['new']);
  expect(missing).toEqual([reference('other')]);
});

test('an owner owns only in its own namespace, a cluster-scoped one anywhere', () => {
  const owners = new LandedOwners(new Set(['namespaced', 'cluster']));
  owners.land('namespaced', shop('n', 'moved'));
  owners.land('cluster', shop('c'));
  const refer = [reference('namespaced'), reference('cluster')];
  const uids = (namespace?: string) => owners.remap(refer, namespace).references.map(({ uid }) => uid);
  expect(uids('moved')).toEqual(['n', 'c']);
  expect(uids('elsewhere')).toEqual(['c']);
  expect(uids(undefined)).toEqual(['c']);
});

test('only owners are kept in mind', async () => {
  const captured = async function* () {
    yield {
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', ownerReferences: [reference('1'), reference('2')] } },
    };
    yield { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } } };
    yield { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', ownerReferences: [reference('1')] } } };
  };
  expect(await observeOwners(captured())).toEqual(new Set(['1', '2']));
  const owners = new LandedOwners(new Set(['1']));
  owners.land('3', shop('three'));
  owners.land(undefined, shop('none'));
  expect(owners.has(reference('3'))).toBe(false);
});
