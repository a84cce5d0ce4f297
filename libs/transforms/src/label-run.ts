import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { keep, type TransformContext, type TransformOutcome } from './transform.ts';

/**
 * Marks what the run makes, so that a rollback finds exactly that (rule 39). `app.kubernetes.io/managed-by` is left alone: it
 * says whose the object is, and Helm refuses what it does not find itself named on.
 */
export function labelRun(object: KubernetesObject, { runId }: TransformContext): TransformOutcome {
  const { metadata } = object;
  return keep({ ...object, metadata: { ...metadata, labels: { ...metadata.labels, [RUN_LABEL]: runId } } });
}
