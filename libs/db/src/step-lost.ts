import { RetryableError } from '@godwit/contracts/errors';

/** What a worker is told that writes for a step which it has not any more. */
export function stepLost(): RetryableError {
  return new RetryableError('StepLost', 'another worker has this step, or nobody any more');
}
