import { GodwitError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import { describeObject, type KubernetesObject, type OwnerReference } from '@godwit/contracts/kubernetes-object';
import type { CapturedObject } from '@godwit/contracts/step-outputs';
import type { TransformContext, TransformOutcome } from '@godwit/transforms/transform';
import { transformObject } from '@godwit/transforms/transform-object';

/** What is kept of an object on the source beside its manifest for the destination. */
export interface ObjectSource {
  uid?: string;
  /** Empty for cluster-scoped kinds. */
  namespace: string;
  name: string;
  ownerReferences: OwnerReference[];
}

export interface PlannedObject {
  /** For the destination. Of an object that does not go there, just what it would be called. */
  manifest: KubernetesObject;
  source: ObjectSource;
  includedBecause?: string;
  /** What the transforms tell of it. */
  findings: Finding[];
  /** The transforms decided that it is not applied. */
  verdict?: { outcome: 'Skipped' | 'Failed'; reason: string };
}

/** Makes the manifest for the destination from an object of the source. */
export function planObject({ object, includedBecause }: CapturedObject, context: TransformContext): PlannedObject {
  const { object: manifest, findings } = transform(object, context);
  const error = findings.find(({ severity }) => severity === 'error');
  const plan = { source: sourceOf(object), findings, ...(includedBecause ? { includedBecause } : {}) };
  if (error)
    return { ...plan, manifest: nameOnly(manifest ?? object, context), verdict: { outcome: 'Failed', reason: sentence(error) } };
  if (manifest) return { ...plan, manifest };
  const reason = findings.map(({ message }) => message).join('; ') || 'it has no place on the destination';
  return { ...plan, manifest: nameOnly(object, context), verdict: { outcome: 'Skipped', reason } };
}

/** An object that cannot be read holds up no other. */
function transform(object: KubernetesObject, context: TransformContext): TransformOutcome {
  try {
    return transformObject(object, context);
  } catch (error) {
    if (!(error instanceof GodwitError) || error.kind !== 'fatal') throw error;
    const { reason, message, cure } = error;
    const finding: Finding = { severity: 'error', reason, message, object: describeObject(object), ...(cure ? { cure } : {}) };
    return { object: undefined, findings: [finding] };
  }
}

function nameOnly({ apiVersion, kind, metadata }: KubernetesObject, { namespaces }: TransformContext): KubernetesObject {
  const renamed = (name: string) => (Object.hasOwn(namespaces, name) ? namespaces[name]! : name);
  const { namespace, name } = metadata;
  if (kind === 'Namespace' && apiVersion === 'v1') return { apiVersion, kind, metadata: { name: renamed(name) } };
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace: renamed(namespace) } : {}) } };
}

function sentence({ message, cure }: Finding): string {
  return cure ? `${message} ${cure}` : message;
}

function sourceOf({ metadata }: KubernetesObject): ObjectSource {
  const { uid, namespace = '', name, ownerReferences = [] } = metadata;
  return { ...(uid ? { uid } : {}), namespace, name, ownerReferences };
}
