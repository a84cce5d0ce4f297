import type { KubernetesObject, OwnerReference } from '@godwit/contracts/kubernetes-object';
import { keep, type TransformOutcome } from './transform.ts';

/**
 * Takes the owner references off: their UIDs mean nothing on the destination, whose garbage collector would delete the object
 * (rule 2). `remapOwnerReferences` gives them back once the owners are there.
 */
export function dropOwnerReferences(object: KubernetesObject): TransformOutcome {
  if (!('ownerReferences' in object.metadata)) return keep(object);
  const { ownerReferences: _, ...metadata } = object.metadata;
  return keep({ ...object, metadata });
}

/**
 * The owner references that an object of the source has on the destination (rule 2). Owners may lie in a later tier than what
 * they own, so this is asked after all tiers were applied and its answer patched in.
 * @param source the object as captured
 * @param uids UID on the source -> UID on the destination, of all objects that the run applied or found there
 * @returns the references with the new UIDs, and those whose owner did not come along
 */
export function remapOwnerReferences(
  source: KubernetesObject,
  uids: ReadonlyMap<string, string>,
): { references: OwnerReference[]; lost: OwnerReference[] } {
  const references: OwnerReference[] = [];
  const lost: OwnerReference[] = [];
  for (const reference of source.metadata.ownerReferences ?? []) {
    const uid = uids.get(reference.uid);
    if (uid) references.push({ ...reference, uid });
    else lost.push(reference);
  }
  return { references, lost };
}
