import { fromStatus } from '@godwit/kube/kube-error';
import { expect, test } from '@jest/globals';
import { explainDryRun } from './explain-dry-run.ts';

const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'shop', name: 'web' } };

function refused(status: number, message: string) {
  const error = fromStatus(status, { reason: 'Forbidden', message }, 'trying to create Deployment shop/web', { cluster: 'dest' });
  return explainDryRun(error, object, 'dest');
}

test('what the run would be refused as well is final', () => {
  expect(refused(403, 'deployments.apps "web" is forbidden: exceeded quota: count')).toMatchObject({ isFinal: true });
  expect(refused(422, 'Deployment.apps "web" is invalid: spec.selector: field is immutable')).toMatchObject({ isFinal: true });
});

test('a missing permission is final, and told once for all objects of the kind', () => {
  const refusal = refused(
    403,
    'deployments.apps "web" is forbidden: User "bob" cannot create resource "deployments" in API group "apps" in the namespace "shop"',
  );
  expect(refusal).toMatchObject({ isFinal: true, finding: { severity: 'error', reason: 'DryRunForbidden' } });
  expect(refusal.finding?.message).toMatch(/may not create deployments\.apps in namespace shop/);
});

test('what cannot be tried is not taken for a failure', () => {
  expect(refused(400, 'admission webhook "a.example.com" does not support dry run')).toMatchObject({
    isFinal: false,
    finding: { severity: 'note', reason: 'NoDryRun' },
  });
  expect(refused(403, 'error looking up service account shop/web: serviceaccount "web" not found')).toMatchObject({
    isFinal: false,
    reason: expect.stringContaining('not there yet'),
  });
  expect(refused(403, 'pods "web" is forbidden: no PriorityClass with name high was found').isFinal).toBe(false);
});
