import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { findStrangers } from './strangers.ts';

function object(kind: string, name: string, owner?: string, more: object = {}, apiVersion = 'v1'): KubernetesObject {
  const ownerReferences = owner ? [{ apiVersion: 'apps/v1', kind: 'Any', name: owner, uid: `uid-${owner}` }] : undefined;
  const metadata = { namespace: 'shop', name, uid: `uid-${name}`, ...(ownerReferences ? { ownerReferences } : {}), ...more };
  return { apiVersion, kind, metadata };
}

const names = (objects: KubernetesObject[]) => objects.map(({ metadata }) => metadata.name);
const ours = new Set(['uid-web']);

test('what the control plane makes in every namespace keeps none', () => {
  const objects = [
    object('ConfigMap', 'kube-root-ca.crt'),
    object('ServiceAccount', 'default'),
    object('Event', 'web.1'),
    object('Event', 'web.2', undefined, {}, 'events.k8s.io/v1'),
    object('Lease', 'leader', undefined, {}, 'coordination.k8s.io/v1'),
    object('Secret', 'robot-token', undefined, { annotations: { 'kubernetes.io/service-account.name': 'robot' } }),
  ];
  expect(findStrangers(objects, ours)).toEqual({ lasting: [], orphans: [] });
});

test('what controllers made of the objects of the run is of the run, down to the last owner; what goes already is no matter', () => {
  const objects = [
    object('ReplicaSet', 'web-1', 'web', {}, 'apps/v1'),
    object('Pod', 'web-1-a', 'web-1'),
    object('ConfigMap', 'going', undefined, { deletionTimestamp: '2030-01-01T00:00:00Z' }),
  ];
  expect(findStrangers(objects, ours)).toEqual({ lasting: [], orphans: [] });
});

test('what others made stays, and what is theirs by its owners', () => {
  const objects = [
    object('ConfigMap', 'notes'),
    object('Deployment', 'theirs', undefined, {}, 'apps/v1'),
    object('ReplicaSet', 'theirs-1', 'theirs', {}, 'apps/v1'),
    object('PersistentVolumeClaim', 'data-db-7'),
    object('Secret', 'password'),
  ];
  expect(names(findStrangers(objects, ours).lasting)).toEqual(['notes', 'theirs', 'theirs-1', 'data-db-7', 'password']);
});

test('what has lost its owner is waited for', () => {
  const found = findStrangers([object('Pod', 'a', 'gone'), object('Pod', 'b', 'a')], ours);
  expect([names(found.lasting), names(found.orphans)]).toEqual([[], ['a', 'b']]);
});

test('owners that own each other end the search', () => {
  expect(names(findStrangers([object('A', 'a', 'b'), object('B', 'b', 'a')], ours).lasting)).toEqual(['a', 'b']);
});
