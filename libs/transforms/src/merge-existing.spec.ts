import { expect, test } from '@jest/globals';
import { mergeRoleBinding, mergeServiceAccount } from './merge-existing.ts';

const account = (extra: object, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace: 'shop', ...metadata },
  ...extra,
});

test('joins secrets, pull secrets, labels and annotations of an account; the destination wins', () => {
  const existing = account(
    { secrets: [{ name: 'own' }], imagePullSecrets: [{ name: 'registry' }], automountServiceAccountToken: true },
    { uid: 'dst', labels: { team: 'red' } },
  );
  const incoming = account(
    {
      secrets: [{ name: 'extra' }],
      imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }],
      automountServiceAccountToken: false,
    },
    { labels: { team: 'blue', tier: 'gold' }, annotations: { 'eks.amazonaws.com/role-arn': 'arn' } },
  );
  expect(mergeServiceAccount(existing, incoming)).toEqual(
    account(
      {
        secrets: [{ name: 'own' }, { name: 'extra' }],
        imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }],
        automountServiceAccountToken: true,
      },
      { uid: 'dst', labels: { team: 'red', tier: 'gold' }, annotations: { 'eks.amazonaws.com/role-arn': 'arn' } },
    ),
  );
});

test('merging twice adds nothing', () => {
  const existing = account({}, { uid: 'dst' });
  const once = mergeServiceAccount(existing, account({ imagePullSecrets: [{ name: 'mirror' }] }));
  expect(mergeServiceAccount(once, account({ imagePullSecrets: [{ name: 'mirror' }] }))).toStrictEqual(once);
  expect(mergeServiceAccount(existing, account({}))).toStrictEqual(existing);
});

test('adds subjects to a binding and keeps its role', () => {
  const binding = (role: string, ...namespaces: string[]) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'readers' },
    roleRef: { kind: 'ClusterRole', name: role },
    subjects: namespaces.map((namespace) => ({ kind: 'ServiceAccount', name: 'web', namespace })),
  });
  expect(mergeRoleBinding(binding('view', 'a'), binding('edit', 'a', 'b'))).toEqual(binding('view', 'a', 'b'));
});
