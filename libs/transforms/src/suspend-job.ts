import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { findingOn, keep, type TransformOutcome } from './transform.ts';

/** Set by the API server from the Job's UID and name. */
const GENERATED_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid', 'job-name', 'batch.kubernetes.io/job-name'];

interface Labelled {
  metadata?: { labels?: Record<string, string> };
}

interface JobSpec {
  suspend?: boolean;
  manualSelector?: boolean;
  selector?: object;
  template: Labelled;
}

/**
 * Takes the selector of the source off a Job and lets it land suspended (rule 21): an unfinished Job would start over, and only
 * people know whether it may.
 */
export function suspendJob(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'Job', 'batch')) return keep(object);
  const spec = object.spec as JobSpec;
  const suspended = { ...(spec.manualSelector ? object : withoutGeneratedSelector(object, spec)) };
  suspended.spec = { ...(suspended.spec as JobSpec), suspend: true };
  return keep(suspended as KubernetesObject, spec.suspend ? [] : [suspendedFinding(object)]);
}

function withoutGeneratedSelector(object: KubernetesObject, { selector: _, ...spec }: JobSpec): KubernetesObject {
  return { ...withoutGeneratedLabels(object), spec: { ...spec, template: withoutGeneratedLabels(spec.template) } };
}

function withoutGeneratedLabels<T extends Labelled>(labelled: T): T {
  if (!labelled.metadata?.labels) return labelled;
  const labels = Object.entries(labelled.metadata.labels).filter(([key]) => !GENERATED_LABELS.includes(key));
  return { ...labelled, metadata: { ...labelled.metadata, labels: Object.fromEntries(labels) } };
}

function suspendedFinding(object: KubernetesObject) {
  return findingOn(
    object,
    'warning',
    'JobSuspended',
    'The Job had not finished on the source and lands suspended.',
    'Set spec.suspend to false on the destination once it may start over.',
  );
}
