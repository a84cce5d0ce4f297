import { expect, test } from '@jest/globals';
import { buildFacts, type } from '../testing/build-facts.ts';
import { checkAccess } from './check-access.ts';

const secrets = { type: type('secrets', '', 'Secret'), verb: 'list', namespaces: ['shop'] };
const jobs = { type: type('jobs', 'batch', 'Job'), verb: 'list', namespaces: ['shop'] };

test('what may not be listed stays behind, told in one warning', () => {
  expect(checkAccess(buildFacts({ source: { unlistable: [secrets, jobs] } }))).toMatchObject([
    {
      severity: 'warning',
      reason: 'ListForbidden',
      cluster: 'from',
      message: expect.stringContaining('list secrets, jobs.batch in shop'),
    },
  ]);
});

test('what the selection asks for by name and may not be listed is an error', () => {
  const definition = { selection: { resourceTypes: ['deploy', 'secrets'] } };
  expect(checkAccess(buildFacts({ definition, source: { unlistable: [secrets, jobs] } }))).toMatchObject([
    { severity: 'error', reason: 'ListForbidden', object: 'secrets' },
    { severity: 'warning', message: expect.stringContaining('jobs.batch') },
  ]);
});

test('what may not be created is an error, with its verbs and namespaces', () => {
  const uncreatable = ['create', 'patch'].map((verb) => ({
    type: type('deployments', 'apps', 'Deployment'),
    verb,
    namespaces: ['store'],
  }));
  expect(checkAccess(buildFacts({ destination: { uncreatable } }))).toMatchObject([
    {
      severity: 'error',
      reason: 'CreateForbidden',
      object: 'deployments.apps',
      message: 'cluster "to": the user of the kubeconfig may not create, patch deployments.apps in store',
    },
  ]);
});

test('roles that may not be granted at will are a warning', () => {
  const roles = type('roles', 'rbac.authorization.k8s.io', 'Role');
  const uncreatable = ['escalate', 'bind'].map((verb) => ({ type: roles, verb, namespaces: ['store'] }));
  expect(checkAccess(buildFacts({ destination: { uncreatable } }))).toMatchObject([
    { severity: 'warning', reason: 'GrantForbidden', message: expect.stringContaining('may not escalate, bind roles.rbac') },
  ]);
});

test('nodes that may not be listed are a warning', () => {
  const destination = { status: { state: 'Active' as const, version: 'v1.34.1' }, nodes: [] };
  expect(checkAccess(buildFacts({ destination }))).toMatchObject([{ severity: 'warning', reason: 'NodesNotSeen' }]);
});
