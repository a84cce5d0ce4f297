import { FatalError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { RunObject } from '@godwit/db/run-object-store';
import { describeRunObject } from '../apply/story.ts';

const NAMED = 20;

/** What is told of an object that could not be applied. */
export function failedObject(object: RunObject): Finding {
  return {
    severity: 'error',
    reason: 'NotApplied',
    object: describeRunObject(object),
    message: `could not be applied: ${object.reason}`,
  };
}

/** One error that names each object and what is wrong with it. */
export function verifyFailed(cluster: string, problems: readonly Finding[]): FatalError {
  const named = problems.slice(0, NAMED).map(({ object, message }) => `${object}: ${message}`);
  const more = problems.length > NAMED ? [`and ${problems.length - NAMED} more, see the log`] : [];
  const count = problems.length === 1 ? 'one thing is' : `${problems.length} things are`;
  return new FatalError('VerifyFailed', `cluster "${cluster}": ${count} not as promised: ${[...named, ...more].join('; ')}`, {
    subject: { cluster, ...(problems.length === 1 && problems[0]!.object ? { object: problems[0]!.object } : {}) },
    cure: 'What was applied stays on the destination: see to what is named there, or take the cause away and run again.',
  });
}
