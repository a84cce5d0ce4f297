import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';

interface Status {
  phase?: string;
  replicas?: number;
  readyReplicas?: number;
  updatedReplicas?: number;
  numberReady?: number;
  desiredNumberScheduled?: number;
  observedGeneration?: number;
  conditions?: Condition[];
  loadBalancer?: { ingress?: object[] };
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

interface Spec {
  type?: string;
  replicas?: number;
  storageClassName?: string;
}

/** What an object has reached of what it had on the source. */
export interface Readiness {
  ready: boolean;
  /** `1 of 2 replicas are ready`; for people. */
  state: string;
}

type Evaluate = (object: KubernetesObject, wanted: number, lateClasses: ReadonlySet<string>) => Readiness;

interface Rule {
  /** What it means if it is not met: a failure of the run, or something that its people should look after. */
  severity: 'error' | 'warning';
  /** How much of it is ready. */
  count(status: Status): number;
  evaluate: Evaluate;
}

const isTrue = ({ conditions = [] }: Status, type: string) =>
  conditions.some((condition) => condition.type === type && condition.status === 'True');

const REPLICAS: Rule = {
  severity: 'error',
  count: ({ readyReplicas = 0 }) => readyReplicas,
  evaluate: (object, wanted) => {
    const { readyReplicas = 0 } = statusOf(object);
    return replicas(object, readyReplicas, Math.min(wanted, (object.spec as Spec).replicas ?? 1));
  },
};

/** Of those that are ready, some may still be of the state before an update. */
const DEPLOYMENT: Rule = {
  ...REPLICAS,
  evaluate: (object, wanted) => {
    const { readyReplicas = 0, updatedReplicas = 0 } = statusOf(object);
    return replicas(object, Math.min(readyReplicas, updatedReplicas), Math.min(wanted, (object.spec as Spec).replicas ?? 1));
  },
};

/** The destination may have fewer nodes for it. */
const DAEMON_SET: Rule = {
  severity: 'error',
  count: ({ numberReady = 0 }) => numberReady,
  evaluate: (object, wanted) => {
    const { numberReady = 0, desiredNumberScheduled = 0 } = statusOf(object);
    return replicas(object, numberReady, Math.min(wanted, desiredNumberScheduled));
  },
};

const POD: Rule = {
  severity: 'error',
  count: (status) => (isTrue(status, 'Ready') ? 1 : 0),
  evaluate: (object, wanted) => {
    const status = statusOf(object);
    const ready = wanted === 0 || status.phase === 'Succeeded' || isTrue(status, 'Ready');
    return { ready, state: ready ? 'it is ready' : `it is ${status.phase ?? 'without a state'} and not ready` };
  },
};

/** A claim whose class waits for the first pod is as it should be while no pod uses it. */
const CLAIM: Rule = {
  severity: 'error',
  count: ({ phase }) => (phase === 'Bound' ? 1 : 0),
  evaluate: (object, wanted, lateClasses) => {
    const { phase } = statusOf(object);
    const waitsForPod = phase === 'Pending' && lateClasses.has((object.spec as Spec).storageClassName ?? '');
    return { ready: wanted === 0 || phase === 'Bound' || waitsForPod, state: `it is ${phase ?? 'without a state'}` };
  },
};

/** Whether there is anything that gives addresses is the cluster's business, and may take long. */
const LOAD_BALANCER: Rule = {
  severity: 'warning',
  count: ({ loadBalancer }) => (loadBalancer?.ingress?.length ? 1 : 0),
  evaluate: (object, wanted) => {
    const isBalanced = (object.spec as Spec | undefined)?.type === 'LoadBalancer';
    const ready = wanted === 0 || !isBalanced || LOAD_BALANCER.count(statusOf(object)) > 0;
    return { ready, state: ready ? 'it has an address' : 'its load balancer has no address yet' };
  },
};

/** What the API server serves, or not. */
const conditioned = (severity: Rule['severity'], ...types: string[]): Rule => ({
  severity,
  count: (status) => (types.some((type) => isTrue(status, type)) ? 1 : 0),
  evaluate: (object, wanted) => {
    const status = statusOf(object);
    const ready = wanted === 0 || types.some((type) => isTrue(status, type));
    return { ready, state: ready ? 'it is ready' : describeCondition(status.conditions ?? [], types) };
  },
});

function describeCondition(conditions: readonly Condition[], types: readonly string[]): string {
  const condition = conditions.find(({ type }) => types.includes(type));
  if (!condition) return `it has no condition ${types.join(' or ')} yet`;
  const why = [condition.reason, condition.message].filter(Boolean).join(': ');
  return `its condition ${condition.type} is ${condition.status}${why ? ` (${why})` : ''}`;
}

/** Most operators tell so; what a resource means, and how long it may take, only they know. */
const CUSTOM_RESOURCE = conditioned('warning', 'Ready', 'Available');

const RULES: Readonly<Record<string, Rule>> = {
  'Deployment.apps': DEPLOYMENT,
  'StatefulSet.apps': REPLICAS,
  'ReplicaSet.apps': REPLICAS,
  'DaemonSet.apps': DAEMON_SET,
  ReplicationController: REPLICAS,
  Pod: POD,
  PersistentVolumeClaim: CLAIM,
  Service: LOAD_BALANCER,
  'CustomResourceDefinition.apiextensions.k8s.io': conditioned('error', 'Established'),
  'APIService.apiregistration.k8s.io': conditioned('error', 'Available'),
};

/** True for the kinds whose readiness is verified. */
export function becomesReady(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): boolean {
  return ruleOf(object) !== undefined;
}

/** What it means if an object of the kind is not there, or does not become ready. */
export function severityOf(object: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Rule['severity'] {
  return ruleOf(object)?.severity ?? 'error';
}

/** How much of an object was ready on the source when it was captured: replicas, or 1 for ready and 0 for not. */
export function readyOnSource(object: KubernetesObject): number {
  return ruleOf(object)?.count(statusOf(object)) ?? 0;
}

/**
 * Whether an object on the destination has reached what it had on the source.
 * @param wanted as of `readyOnSource`: what was not ready there is not asked for here
 * @param lateClasses storage classes that bind a claim only when a pod uses it
 */
export function readiness(object: KubernetesObject, wanted: number, lateClasses: ReadonlySet<string>): Readiness {
  return ruleOf(object)?.evaluate(object, wanted, lateClasses) ?? { ready: true, state: '' };
}

function replicas(object: KubernetesObject, ready: number, wanted: number): Readiness {
  const generation = (object.metadata.generation as number | undefined) ?? 0;
  const isOfNow = (statusOf(object).observedGeneration ?? 0) >= generation;
  return isOfNow
    ? { ready: ready >= wanted, state: `${ready} of ${wanted} replicas are ready` }
    : { ready: false, state: 'its controller has not looked at it yet' };
}

function ruleOf({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Rule | undefined {
  const group = groupOf(apiVersion);
  return RULES[group ? `${kind}.${group}` : kind] ?? (isCustom(group) ? CUSTOM_RESOURCE : undefined);
}

function statusOf(object: KubernetesObject): Status {
  return (object.status ?? {}) as Status;
}

/** Groups of Kubernetes itself and of its extensions have short names or end so. */
function isCustom(group: string): boolean {
  return group.includes('.') && !group.endsWith('.k8s.io');
}
