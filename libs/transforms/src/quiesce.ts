import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** On a workload that was stopped for a cut-over: JSON of what it had in the field that stops it, `null` if it had nothing there. */
export const QUIESCED_ANNOTATION = 'godwit.io/quiesced';
/** Beside it: the id of the run that did so. Another run's cut-over that fails must not start what this one stopped for good. */
export const QUIESCED_BY_ANNOTATION = 'godwit.io/quiesced-by';
/** A label that no node has. */
const NO_NODE = 'godwit.io/no-node';

interface Spec {
  replicas?: number;
  suspend?: boolean;
  template?: { spec?: { nodeSelector?: Record<string, string> } };
}

/** How a kind is stopped: what it has in the field that stops it, and the patch of its spec that sets the field. */
interface Brake {
  read(spec: Spec): unknown;
  /** @param value as of `read`; undefined takes the field away */
  write(value: unknown): object;
  stopped: unknown;
}

const REPLICAS: Brake = { read: ({ replicas }) => replicas, write: (replicas) => ({ replicas: replicas ?? null }), stopped: 0 };
const SUSPEND: Brake = { read: ({ suspend }) => suspend, write: (suspend) => ({ suspend: suspend ?? null }), stopped: true };
/** A DaemonSet cannot be scaled: it gets one selector more, which no node meets. */
const NODE_SELECTOR: Brake = {
  read: ({ template }) => template?.spec?.nodeSelector?.[NO_NODE],
  write: (value) => ({ template: { spec: { nodeSelector: { [NO_NODE]: value ?? null } } } }),
  stopped: 'true',
};

const BRAKES: Readonly<Record<string, Brake>> = {
  'Deployment.apps': REPLICAS,
  'StatefulSet.apps': REPLICAS,
  'ReplicaSet.apps': REPLICAS,
  'CronJob.batch': SUSPEND,
  'Job.batch': SUSPEND,
  'DaemonSet.apps': NODE_SELECTOR,
};

/**
 * Whether a workload can be stopped by its own fields. What a controller owns is stopped by stopping that; but a Job goes on though
 * its CronJob is suspended.
 */
export function isQuiescable(object: KubernetesObject): boolean {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
  return brakeOf(object) !== undefined && (!owner || (object.kind === 'Job' && owner.kind === 'CronJob'));
}

/**
 * The merge patch that stops a workload (rule 23) and notes what it had, and the run that stops it.
 * One that bears our note and yet goes on was started by others: it is stopped again. What it had is noted anew, unless this
 * very run knows it.
 * @returns undefined if it is not stopped like this, or is stopped already
 */
export function quiescePatch(object: KubernetesObject, runId: string): object | undefined {
  const brake = brakeOf(object);
  if (!brake || !isQuiescable(object)) return undefined;
  const had = brake.read((object.spec ?? {}) as Spec);
  if (had === brake.stopped) return undefined;
  const noted = isQuiescedBy(object, runId) ? object.metadata.annotations?.[QUIESCED_ANNOTATION] : undefined;
  const annotations = { [QUIESCED_ANNOTATION]: noted ?? JSON.stringify(had ?? null), [QUIESCED_BY_ANNOTATION]: runId };
  return { metadata: { annotations }, spec: brake.write(brake.stopped) };
}

/**
 * The merge patch that lets a stopped workload go on as it was, and leaves no trace. Of one that others have started again
 * meanwhile only our notes go.
 * @returns undefined if we did not stop it
 */
export function resumePatch(object: KubernetesObject): object | undefined {
  const noted = object.metadata.annotations?.[QUIESCED_ANNOTATION];
  const brake = brakeOf(object);
  if (!brake || noted === undefined) return undefined;
  const annotations = { [QUIESCED_ANNOTATION]: null, [QUIESCED_BY_ANNOTATION]: null };
  const isStopped = brake.read((object.spec ?? {}) as Spec) === brake.stopped;
  return { metadata: { annotations }, ...(isStopped ? { spec: brake.write(JSON.parse(noted) ?? undefined) } : {}) };
}

/** Whether this run stopped it. */
export function isQuiescedBy({ metadata }: KubernetesObject, runId: string): boolean {
  return metadata.annotations?.[QUIESCED_BY_ANNOTATION] === runId;
}

function brakeOf({ apiVersion, kind }: KubernetesObject): Brake | undefined {
  return BRAKES[`${kind}.${groupOf(apiVersion)}`];
}
