import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { keep, type TransformOutcome } from './transform.ts';

/**
 * Takes the owner references off: their UIDs mean nothing on the destination, whose garbage collector would delete the object
 * (rule 2). They are given back, with the UIDs that the owners have there, when objects are applied.
 */
export function dropOwnerReferences(object: KubernetesObject): TransformOutcome {
  if (!('ownerReferences' in object.metadata)) return keep(object);
  const { ownerReferences: _, ...metadata } = object.metadata;
  return keep({ ...object, metadata });
}
