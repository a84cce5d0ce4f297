import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { keep, type TransformOutcome } from './transform.ts';

/** What the source's API server wrote; the destination's writes its own (rule 1). */
const SERVER_FIELDS = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'generateName',
  'managedFields',
]);

export function stripServerFields(object: KubernetesObject): TransformOutcome {
  const kept = Object.entries(object.metadata).filter(([field]) => !SERVER_FIELDS.has(field));
  return keep({ ...object, metadata: Object.fromEntries(kept) as KubernetesObject['metadata'] });
}
