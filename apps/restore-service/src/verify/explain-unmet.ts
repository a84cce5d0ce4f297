import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { EVENT, POD } from '@godwit/kube/resource-type';
import { explainPods, type Pod, selectorOf } from './explain-pods.ts';
import type { Unmet } from './wait-ready.ts';

/** So many pods of a workload tell why it is not ready. */
const MOST_PODS = 20;

interface Event extends KubernetesObject {
  type?: string;
  reason?: string;
  message?: string;
}

interface Conditioned {
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
}

/** Asks the cluster why an object is not ready: its pods, else the events of these and of its own, else its conditions. */
export async function explainUnmet(client: KubeClient, { live, state }: Unmet, signal: AbortSignal): Promise<string> {
  if (!live) return state;
  const pods = await podsOf(client, live, signal);
  const said = explainPods(pods);
  if (said.length > 0) return [state, ...said].join('; ');
  const warnings = await Promise.all([...pods, live].map((object) => lastWarning(client, object, signal)));
  const told = [...new Set(warnings.filter((warning) => warning !== undefined))];
  return [state, ...(told.length > 0 ? told : failedConditions(live))].join('; ');
}

async function podsOf(client: KubeClient, live: KubernetesObject, signal: AbortSignal): Promise<Pod[]> {
  if (live.kind === 'Pod') return [live as Pod];
  const labelSelector = selectorOf(live);
  if (!labelSelector) return [];
  const pods: Pod[] = [];
  for await (const pod of client.list<Pod>(POD, { namespace: live.metadata.namespace, labelSelector, signal })) {
    pods.push(pod);
    if (pods.length === MOST_PODS) break;
  }
  return pods;
}

async function lastWarning(client: KubeClient, { metadata }: KubernetesObject, signal: AbortSignal): Promise<string | undefined> {
  const fieldSelector = `involvedObject.uid=${metadata.uid},type=Warning`;
  let last: Event | undefined;
  for await (const event of client.list<Event>(EVENT, { namespace: metadata.namespace, fieldSelector, signal })) last = event;
  return last && `${last.reason}: ${last.message}`;
}

function failedConditions(live: KubernetesObject): string[] {
  const { conditions = [] } = (live.status ?? {}) as Conditioned;
  return conditions
    .filter(({ type, status }) => (type === 'ReplicaFailure' ? status === 'True' : status === 'False'))
    .map(({ type, reason, message }) => [reason ?? type, message].filter(Boolean).join(': '));
}
