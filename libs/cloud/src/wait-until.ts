import { setTimeout as sleep } from 'node:timers/promises';
import { FatalError } from '@godwit/contracts/errors';
import type { Observer, ProviderPace } from './cluster-provider.ts';

/** What is there within seconds is not waited for as long as what takes minutes. */
const QUICKER_AT_FIRST = 20;
const SLOWER_EACH_TIME = 1.3;

/** What a provider says of a thing when asked. */
export interface Asked {
  /** In its own words. */
  state: string;
  done: boolean;
}

/**
 * Asks a provider again and again, as none of them has watches, until a thing is as it is wanted.
 *
 * @param what for people: `EKS cluster shop`
 * @throws FatalError `ProviderTooSlow` when its time is up; what `ask` throws
 */
export async function waitUntil(
  what: string,
  ask: () => Promise<Asked>,
  { observe, signal, pace }: { observe: Observer; signal: AbortSignal; pace: ProviderPace },
): Promise<void> {
  const deadline = Date.now() + pace.timeoutMs;
  for (let pauseMs = pace.pollMs / QUICKER_AT_FIRST; ; pauseMs = Math.min(pauseMs * SLOWER_EACH_TIME, pace.pollMs)) {
    signal.throwIfAborted();
    const { state, done } = await ask();
    await observe({ what, state, isDone: done });
    if (done) return;
    if (Date.now() > deadline) {
      const minutes = Math.round(pace.timeoutMs / 60_000);
      throw new FatalError('ProviderTooSlow', `${what} is still ${state} after ${minutes} minutes`, {
        cure: 'Look at it in the console of the cloud, then start the run again.',
      });
    }
    await sleep(pauseMs, undefined, { signal });
  }
}
