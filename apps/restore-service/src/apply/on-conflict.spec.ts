import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { expect, test } from '@jest/globals';
import { isUnchanged, LEFT_AS_IS, onConflict, withoutRunLabel } from './on-conflict.ts';

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

test('an update that changed only managed fields and versions changed nothing', () => {
  const before = object('v1', 'ConfigMap', { data: { a: '1' } });
  const after = {
    ...before,
    metadata: { ...before.metadata, resourceVersion: '2', managedFields: [{}] },
    status: { seen: true },
  };
  expect(isUnchanged(before, after)).toBe(true);
  expect(isUnchanged(before, { ...after, data: { a: '2' } })).toBe(false);
  expect(isUnchanged(before, { ...after, metadata: { ...after.metadata, labels: {} } })).toBe(false);
});
