import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

/** A status tells of the source, so it goes along only for the types of which the user asks it (rule 5). */
export function stripStatus(
  object: KubernetesObject,
  { keepsStatus }: TransformContext,
  source: KubernetesObject,
): TransformOutcome {
  if (!('status' in object) || keepsStatus(source)) return keep(object);
  const { status: _, ...manifest } = object;
  return keep(manifest);
}
