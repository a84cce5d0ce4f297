import { expect, test } from '@jest/globals';
import { describeOperation, failureOf } from './describe-operation.ts';

test('an operation tells its status, what it does, and how much of it', () => {
  expect(describeOperation({ status: 'PENDING' })).toBe('PENDING');
  expect(
    describeOperation({
      status: 'RUNNING',
      progress: {
        stages: [
          { name: 'configuring', status: 'DONE' },
          { name: 'deploying', status: 'RUNNING' },
        ],
        metrics: [
          { name: 'CLUSTER_DEPLOYING', intValue: 2 },
          { name: 'CLUSTER_DEPLOYING_TOTAL', intValue: 7 },
          { name: 'LONELY_TOTAL', intValue: 1 },
        ],
      },
    }),
  ).toBe('RUNNING, deploying (CLUSTER_DEPLOYING 2 of 7)');
  expect(describeOperation({ status: 'RUNNING', detail: 'waiting for nodes' })).toBe('RUNNING, waiting for nodes');
});

test('an operation that failed tells why', () => {
  expect(failureOf({ status: 'DONE' })).toBeUndefined();
  expect(failureOf({ status: 'DONE', error: { code: 8, message: 'no more of it' } })).toBe('no more of it');
  expect(failureOf({ status: 'DONE', statusMessage: 'stopped' })).toBe('stopped');
});
