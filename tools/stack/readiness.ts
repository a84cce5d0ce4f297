import { setTimeout as sleep } from 'node:timers/promises';

export interface ReadinessTarget {
  name: string;
  /** Answers 200 when the service is ready. */
  url: string;
  /** What the service wrote last, for the error. */
  lastLines(): string;
}

/** Waits until every target is ready; throws for the first that is not in time, or when `signal` is aborted. */
export async function untilAllReady(targets: readonly ReadinessTarget[], timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const done = new AbortController();
  const giveUp = signal ? AbortSignal.any([signal, done.signal]) : done.signal;
  try {
    await Promise.all(targets.map((target) => untilReady(target, timeoutMs, giveUp)));
  } finally {
    done.abort();
  }
}

async function untilReady({ name, url, lastLines }: ReadinessTarget, timeoutMs: number, giveUp: AbortSignal): Promise<void> {
  let found = 'no answer';
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(200, undefined, { signal: giveUp })) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) return;
      found = `${response.status} ${await response.text()}`;
    } catch {
      // Not listening yet.
    }
  }
  throw new Error(
    `${name} is not ready after ${timeoutMs / 1000} s: ${url} gave ${found}. It said last:\n${lastLines() || '(nothing)'}`,
  );
}
