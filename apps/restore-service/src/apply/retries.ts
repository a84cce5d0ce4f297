import { setTimeout as sleep } from 'node:timers/promises';
import { KubeRequestError } from '@godwit/kube/kube-error';

const TRIES = 5;
const FIRST_DELAY_MS = 500;
const MOST_DELAY_MS = 30_000;
/** A namespace's `default` ServiceAccount is made a moment after the namespace; a pod before that is refused. */
const ACCOUNT_NOT_YET = /error looking up service account|serviceaccount "[^"]*" not found/;

/**
 * How long to wait before an object is tried again.
 * @param tries how often it was tried, 1 or more
 * @returns milliseconds, or undefined if it is not to be tried again
 */
export function retryDelayMs(error: unknown, tries: number): number | undefined {
  if (tries >= TRIES || !isPassing(error)) return undefined;
  const asked = (error.retryAfterSeconds ?? 0) * 1000;
  return Math.min(MOST_DELAY_MS, Math.max(asked, FIRST_DELAY_MS * 2 ** (tries - 1)));
}

function isPassing(error: unknown): error is KubeRequestError {
  if (!(error instanceof KubeRequestError)) return false;
  return error.kind === 'retryable' || (error.status === 403 && ACCOUNT_NOT_YET.test(error.message));
}

/**
 * True if the API server refused this object, false if it is the server (or the way to it) that fails: then the whole step is
 * to be tried later. A 500 counts as the object's, too: it is most often an admission webhook that does not answer.
 */
export function isRefusal(error: unknown): error is KubeRequestError {
  if (!(error instanceof KubeRequestError)) return false;
  if (error.status === 401 || error.status === 429) return false;
  return error.status >= 400 && error.status <= 500;
}

/** Does `work`, which must be idempotent, again while its error is of the moment. */
export async function withRetries<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const delay = signal.aborted ? undefined : retryDelayMs(error, tries);
      if (delay === undefined) throw error;
      await sleep(delay, undefined, { signal });
    }
  }
}
