import { expect, test } from '@jest/globals';
import { hookNamespaces, matchHookPods } from './match-hook-pods.ts';

const pod = (name: string, labels: Record<string, string>, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name, labels },
  spec: { containers: [{ name: 'main' }, { name: 'exporter' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  ...more,
});

test('all keys must match, and a comma is "or"', () => {
  const pods = [pod('b', { app: 'db', tier: 'x' }), pod('a', { app: 'mq', tier: 'x' }), pod('c', { app: 'db' })];
  expect(matchHookPods({ labels: 'app:db,mq tier:x' }, pods).map(({ name }) => name)).toEqual(['a', 'b']);
});

test('the first container, or the one that is named; a pod without it says so', () => {
  const pods = [pod('a', { app: 'db' })];
  expect(matchHookPods({ labels: 'app:db' }, pods)).toEqual([{ namespace: 'shop', name: 'a', container: 'main', ready: true }]);
  expect(matchHookPods({ labels: 'app:db', container: 'exporter' }, pods)).toMatchObject([{ container: 'exporter' }]);
  expect(matchHookPods({ labels: 'app:db', container: 'other' }, pods)).toEqual([{ namespace: 'shop', name: 'a', ready: true }]);
});

test('pods that do not run, or that go, are left out', () => {
  const pods = [
    pod('pending', { app: 'db' }, { status: { phase: 'Pending' } }),
    pod('done', { app: 'db' }, { status: { phase: 'Succeeded' } }),
    pod('going', {}, { metadata: { namespace: 'shop', name: 'going', labels: { app: 'db' }, deletionTimestamp: 'now' } }),
    pod('unready', { app: 'db' }, { status: { phase: 'Running' } }),
  ];
  expect(matchHookPods({ labels: 'app:db' }, pods)).toMatchObject([{ name: 'unready', ready: false }]);
});

test('the namespaces of a hook are among the selected ones', () => {
  expect(hookNamespaces([], ['a', 'b'])).toEqual(['a', 'b']);
  expect(hookNamespaces(['b*', 'kube-system'], ['a', 'b1', 'b2'])).toEqual(['b1', 'b2']);
});
