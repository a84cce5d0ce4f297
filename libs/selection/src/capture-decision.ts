import { groupOf, type KubernetesObject, type OwnerReference } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { isGeneratedByCluster } from './generated-by-cluster.ts';
import { type LabelSeed, matchesLabels } from './label-seed.ts';
import { reCreates } from './re-created.ts';

/** Why an object stays behind. */
export type StaysBecause =
  | 'OurOwnNamespace'
  | 'BeingDeleted'
  | 'LabelsDoNotMatch'
  | 'MirrorPod'
  | 'PodFinished'
  | 'JobFinished'
  | 'ReCreatedByOwner'
  | 'OwnerStays'
  | 'GeneratedByCluster';

export type CaptureDecision = { capture: true } | { capture: false; reason: StaysBecause; message: string };

export interface CaptureContext {
  /** Of the selection; empty: all objects. */
  labels: LabelSeed;
  /** The object of the source that a reference points to, if it was listed for this run. */
  owner(reference: OwnerReference): KubernetesObject | undefined;
  /** True if the namespace has a Service of that name with a selector, so that a controller keeps its endpoints. */
  hasSelectingService(namespace: string, name: string): boolean;
}

/** Makes the context from all objects that were listed for a run. */
export function captureContext(listed: readonly KubernetesObject[], labels: LabelSeed): CaptureContext {
  const byUid = new Map(listed.map((object) => [object.metadata.uid, object]));
  const selecting = new Set(
    listed
      .filter((object) => object.apiVersion === 'v1' && object.kind === 'Service' && hasSelector(object))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
  return {
    labels,
    owner: (reference) => byUid.get(reference.uid),
    hasSelectingService: (namespace, name) => selecting.has(`${namespace}/${name}`),
  };
}

/**
 * Whether an object found on the source is migrated, and why not. The object's type has passed `isNeverCaptured` and the
 * selection's resource types before.
 */
export function captureDecision(object: KubernetesObject, context: CaptureContext): CaptureDecision {
  return decide(object, context, new Set());
}

/** `seen` holds the UIDs below this object, so that owners that own each other come to an end. */
function decide(object: KubernetesObject, context: CaptureContext, seen: Set<string>): CaptureDecision {
  const { metadata } = object;
  if (metadata.namespace === GODWIT_NAMESPACE || (object.kind === 'Namespace' && metadata.name === GODWIT_NAMESPACE)) {
    return stays('OurOwnNamespace', `Namespace ${GODWIT_NAMESPACE} is never migrated.`);
  }
  if (metadata.deletionTimestamp) return stays('BeingDeleted', `It is being deleted since ${metadata.deletionTimestamp}.`);
  const generated = isGeneratedByCluster(object, context);
  if (generated) return stays('GeneratedByCluster', generated);
  // A Namespace has to go wherever its objects go.
  if (!isNamespace(object) && !matchesLabels(context.labels, metadata.labels)) {
    return stays('LabelsDoNotMatch', "It does not have the selection's labels.");
  }
  return finished(object) ?? owned(object, context, seen) ?? { capture: true };
}

/** Rule 20. */
function finished(object: KubernetesObject): CaptureDecision | undefined {
  if (object.apiVersion === 'v1' && object.kind === 'Pod') {
    if (object.metadata.annotations?.['kubernetes.io/config.mirror']) {
      return stays('MirrorPod', 'It mirrors a static pod of a node.');
    }
    const phase = (object.status as { phase?: string } | undefined)?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') return stays('PodFinished', `The pod has finished (${phase}).`);
  }
  if (groupOf(object.apiVersion) === 'batch' && object.kind === 'Job') {
    const conditions = (object.status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
    const end = conditions.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
    if (end) return stays('JobFinished', `The Job has finished (${end.type}).`);
  }
  return undefined;
}

/** Rule 2. An owner that was not listed (another type, a namespace that is not selected) does not count: the object goes alone. */
function owned(object: KubernetesObject, context: CaptureContext, seen: Set<string>): CaptureDecision | undefined {
  const reference = object.metadata.ownerReferences?.find(({ controller }) => controller);
  if (!reference || !reCreates(reference, object) || seen.has(reference.uid)) return undefined;
  const owner = context.owner(reference);
  if (!owner) return undefined;
  const decision = decide(owner, context, new Set([...seen, reference.uid]));
  if (decision.capture || decision.reason === 'ReCreatedByOwner') {
    return stays('ReCreatedByOwner', `${reference.kind} ${reference.name} makes it anew on the destination.`);
  }
  // Left out by its labels, an owner leaves its objects to the selection; one that ends takes them along.
  if (decision.reason === 'LabelsDoNotMatch') return undefined;
  return stays('OwnerStays', `Its owner, ${reference.kind} ${reference.name}, stays: ${decision.message}`);
}

function stays(reason: StaysBecause, message: string): CaptureDecision {
  return { capture: false, reason, message };
}

function isNamespace(object: KubernetesObject): boolean {
  return object.apiVersion === 'v1' && object.kind === 'Namespace';
}

function hasSelector(service: KubernetesObject): boolean {
  const { selector } = (service.spec ?? {}) as { selector?: Record<string, string> };
  return selector !== undefined && Object.keys(selector).length > 0;
}
