import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isKind } from './kinds.ts';
import { drop, findingOn, keep, type TransformOutcome } from './transform.ts';

interface VolumeSpec {
  persistentVolumeReclaimPolicy?: string;
  claimRef?: { namespace?: string; uid?: string; resourceVersion?: string };
}

/** Volume sources that are a server on the network, which another cluster can reach as well. */
const NETWORK_SOURCES = ['nfs', 'cephfs', 'glusterfs', 'iscsi', 'fc', 'rbd', 'azureFile'];

/**
 * Leaves out PersistentVolumes whose storage is the source's own (rule 13). A static one that stands for a server on the
 * network, and that nobody deletes with its claim, may go along.
 */
export function leaveOutVolumes(object: KubernetesObject): TransformOutcome {
  if (!isKind(object, 'PersistentVolume')) return keep(object);
  const spec = object.spec as VolumeSpec;
  if (object.metadata.annotations?.['pv.kubernetes.io/provisioned-by']) {
    return drop(
      findingOn(
        object,
        'note',
        'VolumeNotCopied',
        'It was provisioned for its claim; the destination provisions its own volume.',
      ),
    );
  }
  if (!NETWORK_SOURCES.some((source) => source in spec)) {
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
  return keep(spec.claimRef ? { ...object, spec: { ...spec, claimRef: free(spec.claimRef) } } : object);
}

function free({ uid: _, resourceVersion: __, ...claim }: NonNullable<VolumeSpec['claimRef']>): object {
  return claim;
}
