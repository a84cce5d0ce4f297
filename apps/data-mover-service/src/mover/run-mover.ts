import { setTimeout as sleep } from 'node:timers/promises';
import { GodwitError, RetryableError } from '@godwit/contracts/errors';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import type { MoverProgress, MoverResult, MoverWarning } from '@godwit/contracts/mover-protocol';
import { ensureObject } from '@godwit/kube/ensure-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { POD, SECRET } from '@godwit/kube/resource-type';
import { waitForObject, waitUntilGone } from '@godwit/kube/watch';
import { explainPod } from './explain-pod.ts';
import { followLines } from './follow-lines.ts';
import { moverFailure } from './mover-failure.ts';
import { buildMoverPod, buildMoverSecret, type MoverRequest, moverName } from './mover-manifests.ts';
import { type MoverPod, type MoverState, moverState } from './pod-state.ts';

const GONE_TIMEOUT_MS = 60_000;
/** So long is waited for the mover's last words once it has ended. */
const LAST_WORDS_MS = 2_000;
/** A mover that runs is bounded by its own stall timeout, and by the run's cancel; this is only a last resort.
 * 24 days: what a timer can count. */
const LONGEST_RUN_MS = 2 ** 31 - 1;

export interface MoverObserver {
  onProgress(line: MoverProgress): void;
  onWarning(line: MoverWarning): void;
  /** Why a mover failed: the pod's events and the last lines of its log. */
  onFailure(details: { message: string; events: string[]; lastLines: string[] }): Promise<void>;
}

/**
 * Runs a mover to its end. Finds again the pod of a worker that died and goes on with it; takes away a failed one of an
 * earlier attempt and starts anew (the mover itself goes on where that one was).
 *
 * @param startTimeoutMs how long the pod may take to start
 */
export async function runMover(
  client: KubeClient,
  request: MoverRequest,
  startTimeoutMs: number,
  observer: MoverObserver,
  signal: AbortSignal,
): Promise<MoverResult> {
  const name = moverName(request.volumeId, request.config.action);
  await removeFailed(client, name, signal);
  await ensureObject(client, SECRET, buildMoverSecret(request), signal);
  await ensureObject(client, POD, buildMoverPod(request), signal);
  const fail = async (error: Error): Promise<never> => {
    // Stopped, or the cluster does not answer: the pod has nothing to tell of it.
    if (signal.aborted || !(error instanceof GodwitError) || error instanceof KubeRequestError) throw error;
    const details = await explainPod(client, name, signal);
    error.evidence = { ...error.evidence, events: details.events };
    await observer.onFailure({ message: error.message, ...details });
    // A pod that cannot start would be met again by the next attempt, with its old image; and its secret must not lie about.
    await removeMover(client, name, signal).catch(() => {}); // what is left is cleanup's; the error that counts is this one
    throw error;
  };

  const started = await waitUntilStarted(client, name, startTimeoutMs, signal).catch(fail);
  if (started.phase !== 'Running') return conclude(client, started, name, fail);
  const following = new AbortController();
  const ended = new AbortController();
  const lines = followLines(client, name, observer, ended.signal, AbortSignal.any([signal, following.signal]));
  try {
    const end = await waitUntilEnded(client, name, signal).catch(fail);
    ended.abort();
    await Promise.race([lines, sleep(LAST_WORDS_MS)]);
    return await conclude(client, end, name, fail);
  } finally {
    following.abort();
    await lines;
  }
}

/** Takes the pod and its secret away: credentials do not stay longer than they are used. Does not wait for the pod's end. */
export async function removeMover(client: KubeClient, name: string, signal: AbortSignal): Promise<void> {
  await client.delete(POD, GODWIT_NAMESPACE, name, { signal });
  await client.delete(SECRET, GODWIT_NAMESPACE, name, { signal });
}

async function removeFailed(client: KubeClient, name: string, signal: AbortSignal): Promise<void> {
  const found = await client.find<MoverPod>(POD, GODWIT_NAMESPACE, name, signal);
  if (!found || moverState(found).phase !== 'Failed') return;
  await removeMover(client, name, signal);
  await waitUntilGone(client, POD, GODWIT_NAMESPACE, name, { signal, timeoutMs: GONE_TIMEOUT_MS });
}

type Ended = Extract<MoverState, { phase: 'Done' | 'Failed' }>;

function waitUntilStarted(
  client: KubeClient,
  name: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Ended | { phase: 'Running' }> {
  return waitForObject<MoverPod, Ended | { phase: 'Running' }>(
    client,
    POD,
    GODWIT_NAMESPACE,
    name,
    (pod) => {
      if (!pod) return undefined;
      const state = moverState(pod);
      return state.phase === 'Starting' ? undefined : state;
    },
    {
      signal,
      timeoutMs,
      what: `waiting until the mover pod ${GODWIT_NAMESPACE}/${name} starts`,
      reason: 'MoverPodTimeout',
      isFinal: true,
      cure: "The pod's events tell what it waits for; the data mover pod timeout of the migration may be raised.",
      explain: (pod) => {
        const state = pod && moverState(pod as MoverPod);
        return state?.phase === 'Starting' ? state.waitingFor : 'the pod is not there';
      },
    },
  );
}

function waitUntilEnded(client: KubeClient, name: string, signal: AbortSignal): Promise<Ended> {
  return waitForObject<MoverPod, Ended>(
    client,
    POD,
    GODWIT_NAMESPACE,
    name,
    (pod) => {
      if (!pod)
        throw new RetryableError(
          'MoverGone',
          `cluster "${client.clusterName}": the mover pod ${GODWIT_NAMESPACE}/${name} was deleted while it ran`,
        );
      const state = moverState(pod);
      return state.phase === 'Done' || state.phase === 'Failed' ? state : undefined;
    },
    { signal, timeoutMs: LONGEST_RUN_MS, what: `waiting for the mover pod ${GODWIT_NAMESPACE}/${name}` },
  );
}

async function conclude(
  client: KubeClient,
  end: Ended,
  name: string,
  fail: (error: Error) => Promise<never>,
): Promise<MoverResult> {
  return end.phase === 'Done' ? end.result : fail(moverFailure(end, client.clusterName, `${GODWIT_NAMESPACE}/${name}`));
}
