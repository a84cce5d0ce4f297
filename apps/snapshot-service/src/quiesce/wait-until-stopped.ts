import { setTimeout as sleep } from 'node:timers/promises';
import { FatalError } from '@godwit/contracts/errors';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { observeList } from '@godwit/kube/observe-list';
import { POD } from '@godwit/kube/resource-type';

/** With more namespaces than this, one watch of the whole cluster is cheaper than one for each. */
const WATCH_EACH_UP_TO = 8;
const NAMED = 10;
/** A pod without a grace period is gone for the API server at once, while its kubelet still ends it and lets go of its volumes. */
const UNGRACEFUL_MS = 5_000;

/**
 * Waits, by watches, until the pods of some namespaces are gone.
 *
 * @param mustGo which of them
 * @param timeoutMs one that people chose
 * @throws FatalError `SourceStillRunning` that names the pods that are left
 */
export async function waitUntilStopped(
  client: KubeClient,
  namespaces: readonly string[],
  mustGo: (pod: KubernetesObject) => boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const scopes = namespaces.length > WATCH_EACH_UP_TO ? [undefined] : namespaces;
  const meant = new Set(namespaces);
  let isAnyUngraceful = false;
  const isMeant = (pod: KubernetesObject) => {
    const isWaitedFor = meant.has(pod.metadata.namespace ?? '') && mustGo(pod);
    const { terminationGracePeriodSeconds } = (pod.spec ?? {}) as { terminationGracePeriodSeconds?: number };
    isAnyUngraceful ||= isWaitedFor && terminationGracePeriodSeconds === 0;
    return isWaitedFor;
  };
  const left = (await Promise.all(scopes.map((scope) => watchPods(client, scope, isMeant, deadline, signal)))).flat();
  if (left.length === 0) return isAnyUngraceful ? sleep(UNGRACEFUL_MS, undefined, { signal }) : undefined;
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : '';
  throw new FatalError(
    'SourceStillRunning',
    `cluster "${client.clusterName}": not stopped after ${Math.round(timeoutMs / 1000)} s: ${left.slice(0, NAMED).join(', ')}${more}`,
    {
      subject: { cluster: client.clusterName, object: left[0] },
      cure: 'See what holds these pods (a long grace period, a finalizer, a node that does not answer), or give them more time.',
    },
  );
}

/** @returns those that are left at the deadline */
async function watchPods(
  client: KubeClient,
  namespace: string | undefined,
  mustGo: (pod: KubernetesObject) => boolean,
  deadline: AbortSignal,
  signal: AbortSignal,
): Promise<string[]> {
  let left = new Map<string, string>();
  const see = (pod: KubernetesObject) => {
    const { uid = '', namespace: of, name } = pod.metadata;
    if (mustGo(pod)) left.set(uid, `Pod ${of}/${name}`);
    else left.delete(uid);
  };
  try {
    for await (const change of observeList(client, POD, { namespace }, AbortSignal.any([signal, deadline]))) {
      if ('listed' in change) {
        left = new Map();
        for (const pod of change.listed) see(pod);
      } else if ('changed' in change) see(change.changed);
      else left.delete(change.deleted.metadata.uid ?? '');
      if (left.size === 0) return [];
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
  }
  return [...left.values()];
}
