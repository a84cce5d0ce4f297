import { expect, test } from '@jest/globals';
import type { WebhookFacts } from '../facts/facts.ts';
import { buildFacts, workload } from '../testing/build-facts.ts';
import { checkAdmissionWebhooks } from './check-admission-webhooks.ts';

const gatekeeper: WebhookFacts = {
  object: 'ValidatingWebhookConfiguration gatekeeper',
  webhook: 'validation.gatekeeper.sh',
  service: { namespace: 'gatekeeper-system', name: 'gatekeeper-webhook-service' },
  isReady: false,
  rules: [{ apiGroups: ['*'], resources: ['*'], operations: ['CREATE', 'UPDATE'] }],
  selective: true,
};
const check = (webhook: Partial<WebhookFacts>) =>
  checkAdmissionWebhooks(
    buildFacts({ source: { workloads: [workload({})] }, destination: { webhooks: [{ ...gatekeeper, ...webhook }] } }),
  );

test('a webhook that nobody answers for and that matches what lands is a warning', () => {
  expect(check({})).toMatchObject([
    {
      severity: 'warning',
      reason: 'WebhookNotReady',
      object: gatekeeper.object,
      message: expect.stringContaining('gatekeeper-system/gatekeeper-webhook-service'),
    },
  ]);
  expect(check({ rules: [{ apiGroups: ['apps'], resources: ['deployments'], operations: ['*'] }] })).toHaveLength(1);
});

test('one that is ready, cannot be seen, or is asked about other things, is nothing to tell of', () => {
  expect(check({ isReady: true })).toEqual([]);
  expect(check({ isReady: undefined })).toEqual([]);
  expect(check({ rules: [{ apiGroups: ['apps'], resources: ['statefulsets'], operations: ['CREATE'] }] })).toEqual([]);
  expect(check({ rules: [{ apiGroups: ['*'], resources: ['*'], operations: ['DELETE'] }] })).toEqual([]);
});
