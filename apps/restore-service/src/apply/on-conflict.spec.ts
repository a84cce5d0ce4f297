import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { expect, test } from '@jest/globals';
import { LEFT_AS_IS, onConflict, overExisting, withoutRunLabel } from './on-conflict.ts';

const object = (apiVersion: string, kind: string, more: Partial<KubernetesObject> = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'a', labels: { [RUN_LABEL]: 'run-1', app: 'a' } },
  ...more,
});
const foreign = (of: KubernetesObject): KubernetesObject => ({ ...of, metadata: { name: 'a', uid: 'u' } });
const skip = { runId: 'run-1', overwrite: false };
const overwrite = { runId: 'run-1', overwrite: true };

test('what carries the label of the run was made by an earlier attempt, whatever the mode', () => {
  const config = object('v1', 'ConfigMap');
  expect(onConflict(config, config, skip)).toEqual({ action: 'ours' });
  expect(onConflict(config, config, overwrite)).toEqual({ action: 'ours' });
});

test('what another run made is not ours', () => {
  const config = object('v1', 'ConfigMap');
  expect(onConflict(config, config, { runId: 'run-2', overwrite: false })).toEqual({ action: 'leave', reason: LEFT_AS_IS });
});

test('an object of others is left or overwritten, as the mode says', () => {
  const secret = object('v1', 'Secret');
  expect(onConflict(foreign(secret), secret, skip)).toEqual({ action: 'leave', reason: LEFT_AS_IS });
  expect(onConflict(foreign(secret), secret, overwrite)).toEqual({ action: 'overwrite' });
});

test('a namespace that exists is kept in both modes', () => {
  const namespace = object('v1', 'Namespace');
  for (const mode of [skip, overwrite]) expect(onConflict(foreign(namespace), namespace, mode)).toEqual({ action: 'keep' });
});

test('a service account is merged in both modes', () => {
  const account = object('v1', 'ServiceAccount');
  for (const mode of [skip, overwrite]) {
    expect(onConflict(foreign(account), account, mode)).toEqual({ action: 'merge-service-account' });
  }
});

test('a kind of the same name in another group is nothing special', () => {
  const other = object('example.com/v1', 'ServiceAccount');
  expect(onConflict(foreign(other), other, skip)).toEqual({ action: 'leave', reason: LEFT_AS_IS });
});

test('subjects join a cluster role binding of the same role only', () => {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  const binding = object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { roleRef });
  expect(onConflict(foreign(binding), binding, skip)).toEqual({ action: 'merge-role-binding' });
  const admin = { ...foreign(binding), roleRef: { ...roleRef, name: 'cluster-admin' } };
  expect(onConflict(admin, binding, overwrite)).toMatchObject({
    action: 'leave',
    reason: expect.stringContaining('cluster-admin'),
  });
});

test('only the label of the run is taken off', () => {
  expect(withoutRunLabel(object('v1', 'ConfigMap')).metadata).toEqual({ name: 'a', labels: { app: 'a' } });
});

test('over an existing object goes no label of this run, but the label of the run that made it and its owners stay', () => {
  const manifest = object('v1', 'ConfigMap');
  const owners = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' }];
  const live = { ...manifest, metadata: { name: 'a', labels: { [RUN_LABEL]: 'run-0', old: 'x' }, ownerReferences: owners } };
  expect(overExisting(live, manifest).metadata).toEqual({
    name: 'a',
    labels: { [RUN_LABEL]: 'run-0', app: 'a' },
    ownerReferences: owners,
  });
  expect(overExisting(foreign(manifest), manifest).metadata).toEqual({ name: 'a', labels: { app: 'a' } });
});

test('owners that the manifest names are the ones', () => {
  const owners = (uid: string) => [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid }];
  const manifest = { ...object('v1', 'ConfigMap'), metadata: { name: 'a', ownerReferences: owners('new') } };
  const live = { ...manifest, metadata: { name: 'a', ownerReferences: owners('old') } };
  expect(overExisting(live, manifest).metadata.ownerReferences).toEqual(owners('new'));
});
