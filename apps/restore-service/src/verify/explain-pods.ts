import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

interface ContainerStatus {
  name: string;
  ready?: boolean;
  state?: {
    waiting?: { reason?: string; message?: string };
    running?: object;
    terminated?: Terminated;
  };
  lastState?: { terminated?: Terminated };
}

interface Terminated {
  exitCode: number;
  reason?: string;
  message?: string;
}

export interface Pod extends KubernetesObject {
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    initContainerStatuses?: ContainerStatus[];
    containerStatuses?: ContainerStatus[];
  };
}

/** States that every pod passes; what holds it there stands in its events. */
const PASSING = new Set(['ContainerCreating', 'PodInitializing']);

/** Why pods are not ready, each reason once: `container web: ImagePullBackOff: …`. Empty if the pods tell nothing. */
export function explainPods(pods: readonly Pod[]): string[] {
  return [...new Set(pods.flatMap(explainPod))];
}

function explainPod({ status = {} }: Pod): string[] {
  const scheduled = status.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return [join([scheduled.reason, scheduled.message])];
  if (status.phase === 'Failed' && status.reason) return [join([status.reason, status.message])];
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return containers.flatMap(explainContainer);
}

function explainContainer({ name, ready, state = {}, lastState = {} }: ContainerStatus): string[] {
  const { waiting, terminated, running } = state;
  if (waiting?.reason && !PASSING.has(waiting.reason)) {
    const before = lastState.terminated ? `it ended before: ${ended(lastState.terminated)}` : undefined;
    return [join([`container ${name}`, waiting.reason, waiting.message, before])];
  }
  if (terminated && terminated.exitCode !== 0) return [join([`container ${name} ended`, ended(terminated)])];
  if (running && ready === false && !lastState.terminated) return [`container ${name} runs, but is not ready`];
  if (running && ready === false) return [join([`container ${name} runs again after it ended`, ended(lastState.terminated!)])];
  return [];
}

function ended({ exitCode, reason, message }: Terminated): string {
  return join([`${reason ?? 'Error'} with exit code ${exitCode}`, message]);
}

function join(parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join(': ');
}

/** The selector of a workload as a list request takes it; undefined if it has none. */
export function selectorOf(workload: KubernetesObject): string | undefined {
  const { selector } = (workload.spec ?? {}) as { selector?: Selector | Record<string, string> };
  if (!selector) return undefined;
  // A ReplicationController's selector is the labels themselves.
  const { matchLabels, matchExpressions = [] } = (
    workload.apiVersion === 'v1' ? { matchLabels: selector } : selector
  ) as Selector;
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...labels, ...matchExpressions.map(expression)].join(',') || undefined;
}

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

function expression({ key, operator, values = [] }: NonNullable<Selector['matchExpressions']>[number]): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
}
