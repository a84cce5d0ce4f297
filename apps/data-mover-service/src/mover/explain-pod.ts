import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import type { KubeClient } from '@godwit/kube/kube-client';
import { tailLog } from '@godwit/kube/pod-log';
import { EVENT } from '@godwit/kube/resource-type';
import { MOVER_CONTAINER } from './mover-manifests.ts';

const LAST_LINES = 20;
const LAST_EVENTS = 5;

interface PodEvent extends KubernetesObject {
  type?: string;
  reason?: string;
  message?: string;
  lastTimestamp?: string;
  eventTime?: string;
}

/** What happened to a pod, for the log of the run. Best effort: an error here must not hide the one that is explained. */
export async function explainPod(
  client: KubeClient,
  pod: string,
  signal: AbortSignal,
): Promise<{ events: string[]; lastLines: string[] }> {
  const [events, lastLines] = await Promise.all([
    podEvents(client, pod, signal).catch(() => []),
    tailLog(client, GODWIT_NAMESPACE, pod, MOVER_CONTAINER, LAST_LINES, signal).then(
      (text) => text.split('\n').filter(Boolean),
      () => [],
    ),
  ]);
  return { events, lastLines };
}

async function podEvents(client: KubeClient, pod: string, signal: AbortSignal): Promise<string[]> {
  const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${pod}`;
  const events = await Array.fromAsync(client.list<PodEvent>(EVENT, { namespace: GODWIT_NAMESPACE, fieldSelector, signal }));
  const at = (event: PodEvent) => event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '';
  return events
    .sort((a, b) => (at(a) < at(b) ? -1 : 1))
    .slice(-LAST_EVENTS)
    .map(({ reason, message }) => `${reason}: ${message}`);
}
