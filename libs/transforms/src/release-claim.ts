import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { keep, type TransformOutcome } from './transform.ts';

/** Written when the claim was bound and provisioned on the source. */
const BINDING_ANNOTATIONS = new Set([
  'pv.kubernetes.io/bind-completed',
  'pv.kubernetes.io/bound-by-controller',
  'volume.beta.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/storage-provisioner',
  'volume.kubernetes.io/selected-node',
  'volume.beta.kubernetes.io/storage-resizer',
  'volume.kubernetes.io/storage-resizer',
]);

/** What ties a claim to its volume or to what that was made from; a selector would also keep it from being provisioned. */
const BINDING_FIELDS = new Set(['volumeName', 'dataSource', 'dataSourceRef', 'selector']);

/** Takes a PersistentVolumeClaim off its volume on the source (rule 12). */
export function releaseClaim(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'PersistentVolumeClaim')) return keep(object);
  const { annotations, ...metadata } = object.metadata;
  return keep({
    ...object,
    metadata: annotations ? { ...metadata, annotations: without(annotations, BINDING_ANNOTATIONS) } : metadata,
    spec: without(object.spec as Record<string, unknown>, BINDING_FIELDS),
  });
}

function without<T>(record: Record<string, T>, fields: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.has(field)));
}
