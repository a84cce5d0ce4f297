import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** Names an entry of `secrets`, `imagePullSecrets` or `subjects`. */
type Named = Record<string, unknown>;

/**
 * Merges a ServiceAccount of the source into the one that the destination has: secrets, pull secrets, labels and annotations
 * are joined, and what the destination says wins (rule 24). Done whether or not existing resources are overwritten.
 * @returns the destination's object with the additions; equal to `existing` if there is nothing to add
 */
export function mergeServiceAccount(existing: KubernetesObject, incoming: KubernetesObject): KubernetesObject {
  return {
    ...existing,
    metadata: {
      ...existing.metadata,
      ...mergedMap('labels', existing, incoming),
      ...mergedMap('annotations', existing, incoming),
    },
    ...mergedList('secrets', existing, incoming, (entry) => String(entry.name)),
    ...mergedList('imagePullSecrets', existing, incoming, (entry) => String(entry.name)),
  };
}

/**
 * Adds the subjects of a RoleBinding or ClusterRoleBinding of the source to the one that the destination has (rule 33).
 * The role stays the destination's: the API server lets nobody change a `roleRef`.
 */
export function mergeRoleBinding(existing: KubernetesObject, incoming: KubernetesObject): KubernetesObject {
  return { ...existing, ...mergedList('subjects', existing, incoming, subjectKey) };
}

function subjectKey(subject: Named): string {
  return JSON.stringify([subject.kind, subject.namespace ?? '', subject.name]);
}

function mergedMap(field: 'labels' | 'annotations', existing: KubernetesObject, incoming: KubernetesObject): object {
  const merged = { ...incoming.metadata[field], ...existing.metadata[field] };
  return Object.keys(merged).length > 0 ? { [field]: merged } : {};
}

function mergedList(
  field: string,
  existing: KubernetesObject,
  incoming: KubernetesObject,
  key: (entry: Named) => string,
): object {
  const present = (existing[field] ?? []) as Named[];
  const keys = new Set(present.map(key));
  const added = ((incoming[field] ?? []) as Named[]).filter((entry) => !keys.has(key(entry)));
  return added.length > 0 ? { [field]: [...present, ...added] } : {};
}
