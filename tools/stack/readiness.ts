import { setTimeout as sleep } from 'node:timers/promises';

export interface ReadinessTarget {
  name: string;
  /** Answers 200 when the service is ready. */
  url: string;
  /** How often the service was started again until now. */
  restarts(): number;
  /** What the service wrote last, for the error. */
  lastLines(): string;
}

/** A service that ends this often while we wait for it will not become ready. */
const HOPELESS_RESTARTS = 4;

/** Waits until every target is ready; throws for the first that ends again and again or is not in time, or when `signal` is aborted. */
export async function untilAllReady(targets: readonly ReadinessTarget[], timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const done = new AbortController();
  const giveUp = signal ? AbortSignal.any([signal, done.signal]) : done.signal;
  try {
    await Promise.all(targets.map((target) => untilReady(target, timeoutMs, giveUp)));
  } finally {
    done.abort();
  }
}

async function untilReady(
  { name, url, restarts, lastLines }: ReadinessTarget,
  timeoutMs: number,
  giveUp: AbortSignal,
): Promise<void> {
  const restartsBefore = restarts();
  let found = 'gave no answer';
  const fail = (how: string) => new Error(`${name} is not ready: ${how}. It said last:\n${lastLines() || '(nothing)'}`);
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(200, undefined, { signal: giveUp })) {
    if (restarts() - restartsBefore >= HOPELESS_RESTARTS) throw fail(`it ended ${HOPELESS_RESTARTS} times`);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) return;
      found = `gave ${response.status} ${await response.text()}`;
    } catch {
      // Not listening yet.
    }
  }
  throw fail(`after ${timeoutMs / 1000} s, ${url} ${found}`);
}
