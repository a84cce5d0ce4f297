import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { findingOn, keep, type TransformContext, type TransformOutcome } from './transform.ts';

/** Served by the control plane of every cluster. */
const SERVED_EVERYWHERE = new Set(['kubernetes.io/pvc-protection', 'kubernetes.io/pv-protection']);

/** Set by controllers that put them back where they are needed, or meaningful only while something is being deleted. */
const SET_AGAIN = new Set([
  'service.kubernetes.io/load-balancer-cleanup',
  'batch.kubernetes.io/job-tracking',
  'external-provisioner.volume.kubernetes.io/finalizer',
  'provisioner.storage.kubernetes.io/cloning-protection',
  // On each claim of which a snapshot is being cut, ours among them.
  'snapshot.storage.kubernetes.io/pvc-as-source-protection',
  'customresourcecleanup.apiextensions.k8s.io',
  'foregroundDeletion',
  'orphan',
]);

/**
 * Keeps the finalizers whose controllers the destination runs (rule 3); with any other, the object could never be deleted
 * there.
 */
export function keepKnownFinalizers(object: KubernetesObject, context: TransformContext): TransformOutcome {
  const { finalizers, ...metadata } = object.metadata;
  if (!finalizers) return keep(object);
  const kept = finalizers.filter((name) => SERVED_EVERYWHERE.has(name) || context.knownFinalizers.has(name));
  const lost = finalizers.filter((name) => !kept.includes(name) && !SET_AGAIN.has(name));
  return keep(
    { ...object, metadata: kept.length > 0 ? { ...metadata, finalizers: kept } : metadata },
    lost.map((name) =>
      findingOn(
        object,
        'note',
        'FinalizerDropped',
        `Finalizer ${name} is left out: no controller on the destination is known to serve it.`,
        `A controller that runs on the destination adds it again by itself; else name ${name} in keepFinalizers.`,
      ),
    ),
  );
}
