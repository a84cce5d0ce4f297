import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { findingOn, keep, type TransformOutcome } from './transform.ts';

/** By kind, the annotations that make a class the one for objects that name none. */
const DEFAULT_ANNOTATIONS: Readonly<Record<string, readonly string[]>> = {
  'StorageClass.storage.k8s.io': [
    'storageclass.kubernetes.io/is-default-class',
    'storageclass.beta.kubernetes.io/is-default-class',
    'storageclass.kubevirt.io/is-default-virt-class',
  ],
  'IngressClass.networking.k8s.io': ['ingressclass.kubernetes.io/is-default-class'],
  'VolumeSnapshotClass.snapshot.storage.k8s.io': ['snapshot.storage.kubernetes.io/is-default-class'],
};

/**
 * Lets no class of the source become the destination's default: it would change what others make there, and of two default
 * ingress or priority classes the API server refuses what needs one.
 */
export function yieldDefaults(object: KubernetesObject): TransformOutcome {
  const kind = `${object.kind}.${groupOf(object.apiVersion)}`;
  if (kind === 'PriorityClass.scheduling.k8s.io' && object.globalDefault === true) {
    const { globalDefault: _, ...priorityClass } = object;
    return keep(priorityClass, [yielded(object)]);
  }
  const { annotations } = object.metadata;
  const marks = (DEFAULT_ANNOTATIONS[kind] ?? []).filter((key) => annotations?.[key] !== undefined);
  if (marks.length === 0) return keep(object);
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !marks.includes(key));
  const wasDefault = marks.some((key) => annotations?.[key] === 'true');
  return keep(
    { ...object, metadata: { ...object.metadata, annotations: Object.fromEntries(kept) } },
    wasDefault ? [yielded(object)] : [],
  );
}

function yielded(object: KubernetesObject) {
  return findingOn(
    object,
    'warning',
    'NoLongerDefault',
    `It is the default ${object.kind} of the source, and comes along as one that has to be named: the destination keeps its own default.`,
    'Make it the default on the destination if it is to be that.',
  );
}
