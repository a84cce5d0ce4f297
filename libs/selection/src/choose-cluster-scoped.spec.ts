import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { Selection } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { chooseObjects } from './choose-objects.ts';
import { factsOf } from './object-facts.ts';
import { readSelection } from './selection-criteria.ts';

const object = (apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, ...metadata },
  ...rest,
});
const RBAC = 'rbac.authorization.k8s.io/v1';
const role = (name: string, rest: object = {}, labels: object = {}) => object(RBAC, 'ClusterRole', name, rest, { labels });
const binding = (name: string, to: string, ...subjects: object[]) =>
  object(RBAC, 'ClusterRoleBinding', name, { roleRef: { kind: 'ClusterRole', name: to }, subjects });
const account = (namespace: string) => ({ kind: 'ServiceAccount', name: 'web', namespace });

const namespace = object('v1', 'Namespace', 'shop');

/** The cluster-scoped objects that go, and why; namespaced ones and the Namespace are selected. */
function chosen(namespaced: KubernetesObject[], clusterScoped: KubernetesObject[], selection: object = {}) {
  const criteria = readSelection(Selection.parse(selection), ['shop']);
  const all = [...namespaced, ...clusterScoped].map((each) => factsOf(each, true, criteria));
  const fateOf = chooseObjects(all, criteria);
  return all.slice(namespaced.length).flatMap((facts) => {
    const fate = fateOf(facts);
    return fate.capture ? [{ name: `${facts.kind} ${facts.name}`, because: fate.includedBecause }] : [];
  });
}

const names = (namespaced: KubernetesObject[], clusterScoped: KubernetesObject[], selection?: object) =>
  chosen(namespaced, clusterScoped, selection).map(({ name }) => name);

test('definitions of captured custom resources go, others stay', () => {
  const crd = (kind: string, group: string) =>
    object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${kind}.${group}`, { spec: { group, names: { kind } } });
  const widget = object('example.com/v1', 'Widget', 'w', {}, { namespace: 'shop' });
  expect(chosen([widget], [crd('Widget', 'example.com'), crd('Widget', 'other.com'), crd('Gadget', 'example.com')])).toEqual([
    { name: 'CustomResourceDefinition Widget.example.com', because: 'It defines Widget, of which objects are migrated.' },
  ]);
});

test('bindings into migrated namespaces go with their roles', () => {
  const all = [
    role('reader'),
    role('unused'),
    binding('in', 'reader', account('elsewhere'), account('shop')),
    binding('out', 'unused', account('elsewhere')),
    binding('user', 'reader', { kind: 'User', name: 'system:serviceaccount:shop:web' }),
    binding('group', 'reader', { kind: 'Group', name: 'system:serviceaccounts:shop' }),
    binding('everyone', 'unused', { kind: 'Group', name: 'system:serviceaccounts' }),
  ];
  expect(names([namespace], all)).toEqual([
    'ClusterRole reader',
    'ClusterRoleBinding in',
    'ClusterRoleBinding user',
    'ClusterRoleBinding group',
  ]);
});

test('a ClusterRole that a captured RoleBinding refers to goes', () => {
  const roleBinding = object(
    RBAC,
    'RoleBinding',
    'r',
    { roleRef: { kind: 'ClusterRole', name: 'reader' } },
    { namespace: 'shop' },
  );
  const local = object(RBAC, 'RoleBinding', 'l', { roleRef: { kind: 'Role', name: 'unused' } }, { namespace: 'shop' });
  expect(names([roleBinding, local], [role('reader'), role('unused')])).toEqual(['ClusterRole reader']);
});

test('roles that a role gathers by labels go with it, however long the chain', () => {
  const gathers = (key: string) => ({ aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [key]: 'true' } }] } });
  const all = [
    role('c', {}, { b: 'true' }),
    role('b', gathers('b'), { a: 'true' }),
    role('a', gathers('a')),
    role('d', {}, { x: 'true' }),
  ];
  expect(names([namespace], [...all, binding('in', 'a', account('shop'))])).toEqual([
    'ClusterRole c',
    'ClusterRole b',
    'ClusterRole a',
    'ClusterRoleBinding in',
  ]);
});

test('what the API server keeps for itself stays', () => {
  const bootstrap = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
  const all = [
    role('system:node'),
    role('view', {}, bootstrap),
    binding('system:x', 'system:node', account('shop')),
    binding('in', 'view', account('shop')),
  ];
  expect(names([namespace], all)).toEqual(['ClusterRoleBinding in']);
});

test('webhooks and API services of a captured Service go', () => {
  const service = object('v1', 'Service', 'orders', {}, { namespace: 'shop' });
  const hook = (name: string, reference: object) =>
    object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', name, { webhooks: [{ clientConfig: reference }] });
  const api = (name: string, spec: object) => object('apiregistration.k8s.io/v1', 'APIService', name, { spec });
  const candidates = [
    hook('ours', { service: { namespace: 'shop', name: 'orders' } }),
    hook('theirs', { service: { namespace: 'elsewhere', name: 'orders' } }),
    hook('outside', { url: 'https://hooks.example.com' }),
    api('v1.orders', { service: { namespace: 'shop', name: 'orders' } }),
    api('v1.apps', {}),
  ];
  expect(names([service], candidates)).toEqual(['MutatingWebhookConfiguration ours', 'APIService v1.orders']);
});

test('classes, volumes and what is being deleted stay', () => {
  const ending = binding('in', 'reader', account('shop'));
  ending.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
  expect(
    names([namespace], [object('storage.k8s.io/v1', 'StorageClass', 'gp2'), object('v1', 'PersistentVolume', 'pv'), ending]),
  ).toEqual([]);
});
