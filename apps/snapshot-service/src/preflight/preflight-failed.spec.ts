import type { Finding } from '@godwit/contracts/findings';
import { expect, test } from '@jest/globals';
import { preflightFailed } from './preflight-failed.ts';

const problem = (reason: string, object?: string): Finding => ({
  severity: 'error',
  reason,
  message: 'it is so',
  cure: 'Change it.',
  object,
  cluster: 'to',
});

test('the first error is the step’s, and how many more there are is said', () => {
  const error = preflightFailed([problem('NodePortTaken', 'Service shop/web'), problem('KindNotServed')]);
  expect(error).toMatchObject({
    kind: 'fatal',
    reason: 'NodePortTaken',
    message: 'Service shop/web: it is so (and 1 more, see the log)',
    cure: 'Change it.',
    subject: { cluster: 'to', object: 'Service shop/web' },
  });
});

test('it is tried again only if every error may pass by itself', () => {
  expect(preflightFailed([problem('ClusterUnreachable'), problem('StoreUnreachable')]).kind).toBe('retryable');
  expect(preflightFailed([problem('ClusterUnreachable'), problem('NodePortTaken')]).kind).toBe('fatal');
});
