import { isDeepStrictEqual } from 'node:util';
import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';

/** What to do about an object that the destination has already. */
export type ConflictDecision =
  /** An earlier attempt of this run made it. */
  | { action: 'ours' }
  /** As it should be for a migrated object's sake; nothing to tell. */
  | { action: 'keep' }
  | { action: 'leave'; reason: string }
  | { action: 'merge-service-account' }
  | { action: 'merge-role-binding' }
  | { action: 'overwrite' };

export const LEFT_AS_IS = 'exists on the destination; left as it is';

/** Rules 24, 33 and 38. */
export function onConflict(
  live: KubernetesObject,
  incoming: KubernetesObject,
  { runId, overwrite }: { runId: string; overwrite: boolean },
): ConflictDecision {
  if (live.metadata.labels?.[RUN_LABEL] === runId) return { action: 'ours' };
  const group = groupOf(incoming.apiVersion);
  if (group === '' && incoming.kind === 'Namespace') return { action: 'keep' };
  if (group === '' && incoming.kind === 'ServiceAccount') return { action: 'merge-service-account' };
  if (group === 'rbac.authorization.k8s.io' && incoming.kind === 'ClusterRoleBinding') return onRoleBinding(live, incoming);
  return overwrite ? { action: 'overwrite' } : { action: 'leave', reason: LEFT_AS_IS };
}

/** Subjects may only be added to a binding of the same role: with another they would get rights that nobody gave them. */
function onRoleBinding(live: KubernetesObject, incoming: KubernetesObject): ConflictDecision {
  if (isDeepStrictEqual(live.roleRef, incoming.roleRef)) return { action: 'merge-role-binding' };
  const role = (live.roleRef as { name?: string } | undefined)?.name;
  return { action: 'leave', reason: `exists on the destination and binds another role (${role}); left as it is` };
}

/**
 * The manifest without the run's label. That label marks what the run made, for a rollback to delete; an object that was
 * there before must never carry it.
 */
export function withoutRunLabel(manifest: KubernetesObject): KubernetesObject {
  const { [RUN_LABEL]: _, ...labels } = manifest.metadata.labels ?? {};
  return { ...manifest, metadata: { ...manifest.metadata, labels } };
}

/**
 * The manifest as it is applied over an object of another run or of others: with the run's label and the owners that this object
 * has, for neither is known to the source. Whatever is left out is taken away if it was applied by us before.
 */
export function overExisting(live: KubernetesObject, manifest: KubernetesObject): KubernetesObject {
  const unlabelled = withoutRunLabel(manifest);
  const { [RUN_LABEL]: run } = live.metadata.labels ?? {};
  const { ownerReferences = live.metadata.ownerReferences } = manifest.metadata;
  return {
    ...unlabelled,
    metadata: {
      ...unlabelled.metadata,
      ...(run ? { labels: { ...unlabelled.metadata.labels, [RUN_LABEL]: run } } : {}),
      ...(ownerReferences ? { ownerReferences } : {}),
    },
  };
}
