import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { mergePatch } from './merge-patch.ts';
import { resumePatch } from './quiesce.ts';
import { keep, type TransformOutcome } from './transform.ts';

/** A workload that an earlier cut-over has stopped lands as it was before that. */
export function resumeQuiesced(object: KubernetesObject): TransformOutcome {
  const patch = resumePatch(object);
  return keep(patch ? (mergePatch(object, patch) as KubernetesObject) : object);
}
