import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { Selection } from '@godwit/contracts/migration-definition';
import { describe, expect, test } from '@jest/globals';
import { chooseObjects } from './choose-objects.ts';
import { factsOf } from './object-facts.ts';
import { readSelection } from './selection-criteria.ts';

function object(apiVersion: string, kind: string, name: string, metadata: object = {}, rest: object = {}): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', uid: `${kind}-${name}`, ...metadata }, ...rest };
}

function ownedBy(owner: KubernetesObject, controller = true) {
  const { apiVersion, kind, metadata } = owner;
  return { ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: String(metadata.uid), controller }] };
}

/** `captured`, or the reason. */
function decision(one: KubernetesObject, others: KubernetesObject[] = [], labels = ''): string {
  const criteria = readSelection(Selection.parse({ labels }), ['shop', 'default', 'kube-system', 'godwit-system']);
  const all = [...new Set([one, ...others])].map((each) => factsOf(each, true, criteria));
  const fate = chooseObjects(all, criteria)(all[0]!);
  return fate.capture ? 'captured' : fate.reason;
}

describe('owners', () => {
  const deployment = object('apps/v1', 'Deployment', 'web', { labels: { app: 'web' } });
  const replicaSet = object('apps/v1', 'ReplicaSet', 'web-1', ownedBy(deployment));
  const pod = object(
    'v1',
    'Pod',
    'web-1-x',
    { labels: { app: 'web' }, ...ownedBy(replicaSet) },
    { status: { phase: 'Running' } },
  );

  test('of a Deployment only the Deployment goes', () => {
    const all = [deployment, replicaSet, pod];
    expect(all.map((one) => decision(one, all))).toEqual(['captured', 'ReCreatedByOwner', 'ReCreatedByOwner']);
  });

  test('what an owner that was not listed owns goes alone', () => {
    expect(decision(pod)).toBe('captured');
  });

  test('what an owner without the labels owns is up to its own labels', () => {
    const stranger = { ...deployment, metadata: { ...deployment.metadata, labels: {} } };
    const labelled = { ...replicaSet, metadata: { ...replicaSet.metadata, labels: { app: 'web' } } };
    expect(decision(labelled, [stranger], 'app:web')).toBe('captured');
    expect(decision(replicaSet, [stranger], 'app:web')).toBe('LabelsDoNotMatch');
  });

  test('what an owner that is being deleted owns stays with it', () => {
    const ending = { ...deployment, metadata: { ...deployment.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    expect([ending, replicaSet, pod].map((one) => decision(one, [ending, replicaSet]))).toEqual([
      'BeingDeleted',
      'OwnerStays',
      'OwnerStays',
    ]);
  });

  test('of a custom resource its pods stay, its claims and other objects go', () => {
    const cluster = object('postgresql.cnpg.io/v1', 'Cluster', 'pg');
    expect(decision(object('v1', 'Pod', 'pg-1', ownedBy(cluster)), [cluster])).toBe('ReCreatedByOwner');
    expect(decision(object('v1', 'PersistentVolumeClaim', 'pg-1', ownedBy(cluster)), [cluster])).toBe('captured');
    expect(decision(object('apps/v1', 'StatefulSet', 'pg', ownedBy(cluster)), [cluster])).toBe('captured');
  });

  test('the claim of a StatefulSet goes, that of an ephemeral volume stays', () => {
    const statefulSet = object('apps/v1', 'StatefulSet', 'db');
    expect(decision(object('v1', 'PersistentVolumeClaim', 'data-db-0', ownedBy(statefulSet)), [statefulSet])).toBe('captured');
    expect(decision(object('v1', 'PersistentVolumeClaim', 'scratch', ownedBy(pod)), [pod])).toBe('ReCreatedByOwner');
  });

  test('an owner that does not control does not count', () => {
    expect(decision(object('v1', 'Pod', 'p', ownedBy(deployment, false)), [deployment])).toBe('captured');
  });

  test('objects that own each other come to an end', () => {
    const a = object('v1', 'Pod', 'a');
    const b = object('v1', 'Pod', 'b', ownedBy(a));
    const knot = { ...a, metadata: { ...a.metadata, ...ownedBy(b) } };
    expect(decision(knot, [b])).toBe('ReCreatedByOwner');
  });
});

describe('what has ended or is ending', () => {
  const ended = { status: { conditions: [{ type: 'Complete', status: 'True' }] } };
  test.each<[string, KubernetesObject, string]>([
    ['a finished pod', object('v1', 'Pod', 'p', {}, { status: { phase: 'Succeeded' } }), 'PodFinished'],
    ['a failed pod', object('v1', 'Pod', 'p', {}, { status: { phase: 'Failed' } }), 'PodFinished'],
    ['a pending pod', object('v1', 'Pod', 'p', {}, { status: { phase: 'Pending' } }), 'captured'],
    ['a mirror pod', object('v1', 'Pod', 'p', { annotations: { 'kubernetes.io/config.mirror': 'x' } }), 'MirrorPod'],
    ['a finished Job', object('batch/v1', 'Job', 'j', {}, ended), 'JobFinished'],
    ['an unfinished Job', object('batch/v1', 'Job', 'j', {}, { status: { active: 1 } }), 'captured'],
    ['another Job', object('batch.example.com/v1', 'Job', 'j', {}, ended), 'captured'],
    ['what is being deleted', object('v1', 'Secret', 's', { deletionTimestamp: '2026-01-01T00:00:00Z' }), 'BeingDeleted'],
    ['what is in our namespace', object('v1', 'Secret', 's', { namespace: 'godwit-system' }), 'OurOwnNamespace'],
  ])('%s', (_, one, expected) => {
    expect(decision(one)).toBe(expected);
  });
});

test('labels pick objects, but a Namespace goes where its objects go', () => {
  expect(decision(object('v1', 'Secret', 's', { labels: { app: 'web' } }), [], 'app:web')).toBe('captured');
  expect(decision(object('v1', 'Secret', 's'), [], 'app:web')).toBe('LabelsDoNotMatch');
  expect(decision(object('v1', 'Namespace', 'shop', { namespace: undefined }), [], 'app:web')).toBe('captured');
});

describe('what every cluster makes for itself', () => {
  const token = (name: string) =>
    object(
      'v1',
      'Secret',
      name,
      { annotations: { 'kubernetes.io/service-account.name': 'ci' } },
      { type: 'kubernetes.io/service-account-token' },
    );
  const slice = (managedBy: string) =>
    object('discovery.k8s.io/v1', 'EndpointSlice', 'e', { labels: { 'endpointslice.kubernetes.io/managed-by': managedBy } });
  test.each<[string, KubernetesObject, string]>([
    ['the CA bundle', object('v1', 'ConfigMap', 'kube-root-ca.crt'), 'GeneratedByCluster'],
    ['another ConfigMap', object('v1', 'ConfigMap', 'settings'), 'captured'],
    [
      'the plain default account',
      object('v1', 'ServiceAccount', 'default', {}, { secrets: [{ name: 'default-token-x7k2p' }] }),
      'GeneratedByCluster',
    ],
    [
      'a default account with pull secrets',
      object('v1', 'ServiceAccount', 'default', {}, { imagePullSecrets: [{ name: 'r' }] }),
      'captured',
    ],
    [
      'a default account without tokens',
      object('v1', 'ServiceAccount', 'default', {}, { automountServiceAccountToken: false }),
      'captured',
    ],
    ['a token of the source', token('ci-token-8zq4w'), 'GeneratedByCluster'],
    ['a token made by hand', token('ci-token'), 'captured'],
    ['the API server as a Service', object('v1', 'Service', 'kubernetes', { namespace: 'default' }), 'GeneratedByCluster'],
    ['a Service that is called alike', object('v1', 'Service', 'kubernetes'), 'captured'],
    ['the API server as Endpoints', object('v1', 'Endpoints', 'kubernetes', { namespace: 'default' }), 'GeneratedByCluster'],
    ['a slice of the controller', slice('endpointslice-controller.k8s.io'), 'GeneratedByCluster'],
    ['a slice of the mirror', slice('endpointslicemirroring-controller.k8s.io'), 'GeneratedByCluster'],
    ['a slice made by hand', slice('staff'), 'captured'],
    [
      'a lock',
      object('v1', 'Endpoints', 'e', { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }),
      'GeneratedByCluster',
    ],
  ])('%s', (_, one, expected) => {
    expect(decision(one)).toBe(expected);
  });

  test('Endpoints go only if their Service picks no pods', () => {
    const endpoints = object('v1', 'Endpoints', 'db');
    expect(decision(endpoints, [object('v1', 'Service', 'db', {}, { spec: { selector: { app: 'db' } } })])).toBe(
      'GeneratedByCluster',
    );
    expect(decision(endpoints, [object('v1', 'Service', 'db', {}, { spec: {} })])).toBe('captured');
  });
});
