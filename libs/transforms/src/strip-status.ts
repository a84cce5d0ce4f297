import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { keep, type TransformOutcome } from './transform.ts';

/** A status tells of the source (rule 5). */
export function stripStatus(object: KubernetesObject): TransformOutcome {
  const { status: _, ...manifest } = object;
  return keep(manifest);
}
