import type { KubernetesObject, ObjectMeta } from '@godwit/contracts/kubernetes-object';
import { isOnNetwork, isProvisioned } from '@godwit/selection/static-volume';
import { isKind } from './kinds.ts';
import { drop, findingOn, keep, type TransformOutcome } from './transform.ts';

interface VolumeSpec {
  nodeAffinity?: object;
  persistentVolumeReclaimPolicy?: string;
  claimRef?: { namespace?: string; uid?: string; resourceVersion?: string };
}

/** Labels that say where in its cloud a volume lies (rule 17). */
const PLACE_LABEL = /^(topology\.[^/]*|failure-domain\.beta\.kubernetes\.io)\/(zone|region)$/;

const BOUND_ANNOTATION = /^pv\.kubernetes\.io\/(bound-by-controller|bind-completed)$/;

/**
 * Leaves out PersistentVolumes whose storage is the source's own (rule 13). A static one that stands for a server on the
 * network, and that nobody deletes with its claim, may go along.
 */
export function leaveOutVolumes(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'PersistentVolume')) return keep(object);
  const spec = object.spec as VolumeSpec;
  if (isProvisioned(object)) {
    return drop(
      findingOn(
        object,
        'note',
        'VolumeNotCopied',
        'It was provisioned for its claim; the destination provisions its own volume.',
      ),
    );
  }
  if (!isOnNetwork(object)) {
    return drop(
      findingOn(
        object,
        'warning',
        'VolumeNotCopied',
        'Its storage is not a server on the network, so the destination cannot reach it.',
      ),
    );
  }
  if (spec.persistentVolumeReclaimPolicy !== 'Retain') {
    return drop(
      findingOn(
        object,
        'warning',
        'VolumeNotCopied',
        'With its reclaim policy either cluster could delete the data that both would use.',
        'Set persistentVolumeReclaimPolicy to Retain on the source if the destination is to use the same storage.',
      ),
    );
  }
  const { claimRef, nodeAffinity, ...rest } = spec;
  return keep(
    {
      ...object,
      metadata: withoutPlace(object.metadata),
      spec: { ...rest, ...(claimRef && { claimRef: free(claimRef) }) },
    },
    nodeAffinity ? [placeFinding(object)] : [],
  );
}

/** Nor is it bound by the destination's controller, which would take the claim off it again. */
function withoutPlace(metadata: ObjectMeta): ObjectMeta {
  const { labels, annotations } = metadata;
  return {
    ...metadata,
    ...(labels && { labels: without(labels, PLACE_LABEL) }),
    ...(annotations && { annotations: without(annotations, BOUND_ANNOTATION) }),
  };
}

function without(entries: Record<string, string>, pattern: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => !pattern.test(key)));
}

function placeFinding(object: KubernetesObject) {
  return findingOn(
    object,
    'warning',
    'NodeAffinityDropped',
    'Its node affinity names nodes or zones of the source and is left out.',
    'See to it that the nodes of the destination that run its pods can reach the storage.',
  );
}

function free({ uid: _, resourceVersion: __, ...claim }: NonNullable<VolumeSpec['claimRef']>): object {
  return claim;
}
