import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { remapOwnerReferences } from './owner-references.ts';

const main = { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', name: 'pg', uid: 'old-1', controller: true };
const gone = { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: 'old-2' };
const claim: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'pg-1', namespace: 'shop', ownerReferences: [main, gone] },
};

test('gives owners that came along their new UIDs and tells which did not', () => {
  const { references, lost } = remapOwnerReferences(claim, new Map([['old-1', 'new-1']]));
  expect(references).toEqual([{ ...main, uid: 'new-1' }]);
  expect(lost).toEqual([gone]);
  expect(claim.metadata.ownerReferences?.[0]?.uid).toBe('old-1');
});

test('has nothing to say of an object without owners', () => {
  const free = { ...claim, metadata: { name: 'pg-1' } };
  expect(remapOwnerReferences(free, new Map())).toEqual({ references: [], lost: [] });
});
