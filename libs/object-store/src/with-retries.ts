import { setTimeout } from 'node:timers/promises';
import { isRefusedByClock, isTransient, retryAfterOf } from './read-thrown.ts';
import { parseRetryAfter, type RetryPolicy, waitBeforeRetry } from './retry-policy.ts';

/**
 * Runs one request until it succeeds, fails for good, or has used up its attempts. It must be one that may be sent twice.
 * @throws what the last attempt threw; the signal's reason at once when it is aborted, also in the middle of a wait
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  let isClockSet = false;
  for (let failures = 1; ; failures += 1) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (failures >= policy.maxAttempts) throw error;
      if (isRefusedByClock(error) && !isClockSet) {
        isClockSet = true; // The next attempt is signed by the server's clock; nothing is to be waited for.
        continue;
      }
      if (!isTransient(error)) throw error;
      const wait = waitBeforeRetry(failures, policy, parseRetryAfter(retryAfterOf(error), Date.now()));
      await setTimeout(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}
