import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { EXPOSES_ANNOTATION, GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { temporaryLabels } from '@godwit/contracts/run-labels';
import { exposureName } from './snapshot-manifests.ts';

/** A PersistentVolume of the source. All that is not named here says what its storage is and how it is mounted. */
export interface SourceVolume extends KubernetesObject {
  spec: {
    capacity: { storage: string };
    accessModes: string[];
    volumeMode?: string;
    claimRef?: { uid?: string };
    persistentVolumeReclaimPolicy?: string;
    [field: string]: unknown;
  };
}

/** What belongs to a volume's place among claims and classes, not to its storage. */
const OF_ITS_PLACE = new Set(['claimRef', 'persistentVolumeReclaimPolicy', 'storageClassName', 'volumeAttributesClassName']);

/**
 * A second PersistentVolume for the same storage, reserved for a claim in our namespace. It asks for no other access than the
 * first one, so that Kubernetes attaches it where the first is attached and nowhere beside. Retain, no provisioner's annotation,
 * and no class: nothing deletes the storage with it.
 *
 * @param namespace of the user's claim, where Secrets are that the volume names without a namespace
 */
export function buildLiveVolume(
  runId: string,
  volume: { id: string; namespace: string },
  original: SourceVolume,
): KubernetesObject {
  const { metadata, spec } = original;
  const storage = Object.entries(spec)
    .filter(([field]) => !OF_ITS_PLACE.has(field))
    .map(([field, value]) => [field, withSecretNamespace(value, volume.namespace)]);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: exposureName(volume.id),
      labels: temporaryLabels(runId, 'snapshot-volume', volume.id),
      annotations: { [EXPOSES_ANNOTATION]: metadata.name },
    },
    spec: {
      ...Object.fromEntries(storage),
      storageClassName: '',
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: GODWIT_NAMESPACE,
        name: exposureName(volume.id),
      },
    },
  };
}

/** The claim that the mover mounts. To be made only when its volume is there. */
export function buildLiveClaim(runId: string, volume: { id: string }, { spec }: SourceVolume): KubernetesObject {
  const { accessModes, volumeMode, capacity } = spec;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: exposureName(volume.id),
      namespace: GODWIT_NAMESPACE,
      labels: temporaryLabels(runId, 'snapshot-volume', volume.id),
    },
    spec: {
      accessModes,
      volumeMode,
      storageClassName: '',
      volumeName: exposureName(volume.id),
      resources: { requests: { storage: capacity.storage } },
    },
  };
}

/** Sources other than CSI look for a Secret beside the claim unless they say where. */
function withSecretNamespace(value: unknown, namespace: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const source = value as { secretRef?: { name?: string; namespace?: string }; secretName?: string; secretNamespace?: string };
  if (source.secretRef && !source.secretRef.namespace) return { ...source, secretRef: { ...source.secretRef, namespace } };
  if (source.secretName && !source.secretNamespace) return { ...source, secretNamespace: namespace };
  return value;
}
