/** How often and how patiently a request is sent again. */
export interface RetryPolicy {
  /** Attempts per request, the first one included. */
  maxAttempts: number;
  /** Upper end of the first wait; each further one is three times as long, up to `maxWaitMs`. Milliseconds. */
  firstWaitMs: number;
  maxWaitMs: number;
}

/** A blip costs little, and a store that restarts is waited for: half a minute at most, half of that on average. */
export const DEFAULT_RETRIES: RetryPolicy = { maxAttempts: 6, firstWaitMs: 300, maxWaitMs: 20_000 };

const GROWTH = 3;
/** A server that asks for more is not obeyed for longer: the step has a time of its own. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * @returns milliseconds to wait after so many failures: anything between nothing and the limit ("full jitter"), so that streams
 * that failed together do not come back together; and never less than the server asked for.
 */
export function waitBeforeRetry(
  failures: number,
  { firstWaitMs, maxWaitMs }: RetryPolicy,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number {
  const limit = Math.min(maxWaitMs, firstWaitMs * GROWTH ** (failures - 1));
  return Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) + random() * limit;
}

/**
 * @param header value of `Retry-After`: seconds, or a date (RFC 9110, 10.2.3)
 * @returns milliseconds from `now`; 0 when it is absent, past or no such value
 */
export function parseRetryAfter(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : 0;
}
