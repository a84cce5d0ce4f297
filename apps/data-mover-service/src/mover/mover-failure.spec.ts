import { reportError } from '@godwit/contracts/errors';
import { explainExit } from '@godwit/contracts/mover-protocol';
import { expect, test } from '@jest/globals';
import { moverFailure } from './mover-failure.ts';

const failed = (code: number) => ({ phase: 'Failed', exit: explainExit(code), message: 'what it said' }) as const;

test('the exit code and its meaning are told beside the message, and kept with the step', () => {
  const error = moverFailure(failed(137), 'east', 'godwit-system/copy-1');
  error.evidence = { ...error.evidence, events: ['Evicted: The node was low on resource: memory'] };
  expect(reportError(error)).toEqual({
    kind: 'retryable',
    reason: 'Killed',
    message: 'cluster "east": the mover pod godwit-system/copy-1 ended with 137: what it said',
    subject: { cluster: 'east', object: 'Pod godwit-system/copy-1' },
    evidence: {
      exit: { code: 137, meaning: 'the mover was killed (out of memory, eviction or node loss)' },
      events: ['Evicted: The node was low on resource: memory'],
    },
  });
});

test('what another mover cannot mend is fatal', () => {
  expect(moverFailure(failed(8), 'west', 'godwit-system/restore-1')).toMatchObject({ kind: 'fatal', reason: 'NoSpace' });
});
