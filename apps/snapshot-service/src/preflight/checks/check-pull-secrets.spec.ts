import { expect, test } from '@jest/globals';
import { buildFacts, workload } from '../testing/build-facts.ts';
import { checkPullSecrets } from './check-pull-secrets.ts';

const pulling = workload({ imagePullSecrets: [{ name: 'registry' }] });

test('a pull secret that comes along is nothing to tell of', () => {
  expect(checkPullSecrets(buildFacts({ source: { workloads: [pulling], pullSecrets: new Set(['shop/registry']) } }))).toEqual([]);
  expect(checkPullSecrets(buildFacts({ source: { workloads: [pulling], pullSecrets: undefined } }))).toEqual([]);
});

test('one that stays is a warning, also where the account names it', () => {
  expect(checkPullSecrets(buildFacts({ source: { workloads: [pulling] } }))).toMatchObject([
    {
      severity: 'warning',
      reason: 'PullSecretMissing',
      object: 'Deployment shop/web',
      cure: expect.stringContaining('namespace store'),
    },
  ]);
  const accountPullSecrets = new Map([['shop/default', ['registry']]]);
  expect(checkPullSecrets(buildFacts({ source: { workloads: [workload({})], accountPullSecrets } }))).toHaveLength(1);
});
