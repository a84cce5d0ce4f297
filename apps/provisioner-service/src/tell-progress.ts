import type { Observation, Observer } from '@godwit/cloud/cluster-provider';

/** A line of the log at least so often, as long as something is waited for. */
const TELL_EVERY_MS = 60_000;

/**
 * Makes lines of what a provider says each time that it is asked: one for each change, and one a minute.
 *
 * @param begunAt when the waiting began, which minutes count from
 */
export function tellProgress(tell: (message: string) => Promise<void>, begunAt: number, now = Date.now): Observer {
  const told = new Map<string, { state: string; at: number }>();
  return async ({ what, state }: Observation) => {
    const last = told.get(what);
    const at = now();
    if (last?.state === state && at - last.at < TELL_EVERY_MS) return;
    told.set(what, { state, at });
    const minutes = Math.floor((at - begunAt) / 60_000);
    await tell(`${what}: ${state}${minutes > 0 ? ` (${minutes} min so far)` : ''}`);
  };
}
