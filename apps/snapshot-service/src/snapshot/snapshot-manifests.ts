import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { temporaryLabels } from '@godwit/contracts/run-labels';
import type { VolumeSource } from '@godwit/contracts/volume-source';

const API_VERSION = 'snapshot.storage.k8s.io/v1';

export interface SnapshotContent extends KubernetesObject {
  spec: {
    driver: string;
    deletionPolicy: string;
    sourceVolumeMode?: string;
    source?: { snapshotHandle?: string };
    volumeSnapshotRef: { namespace: string; name: string };
  };
  status?: { snapshotHandle?: string; restoreSize?: number; error?: { message?: string } };
}

export interface Snapshot extends KubernetesObject {
  status?: {
    readyToUse?: boolean;
    boundVolumeSnapshotContentName?: string;
    restoreSize?: string;
    error?: { message?: string; time?: string };
  };
}

/** One name for all temporary objects of a volume: a worker that comes after finds them by it. */
export function exposureName(volumeId: string): string {
  return `godwit-${volumeId}`;
}

/** The snapshot of the user's claim; it can only be made beside the claim. */
export function buildUserSnapshot(
  runId: string,
  volume: { id: string; namespace: string; name: string; source: VolumeSource },
): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: 'VolumeSnapshot',
    metadata: {
      name: exposureName(volume.id),
      namespace: volume.namespace,
      labels: temporaryLabels(runId, 'snapshot-volume', volume.id),
    },
    spec: { volumeSnapshotClassName: volume.source.snapshotClassName, source: { persistentVolumeClaimName: volume.name } },
  };
}

/** Another handle on the same snapshot of the storage, bound in our namespace. */
export function buildReboundContent(
  runId: string,
  volume: { id: string; source: VolumeSource },
  original: { driver: string; snapshotHandle: string; sourceVolumeMode?: string },
): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: 'VolumeSnapshotContent',
    metadata: { name: exposureName(volume.id), labels: temporaryLabels(runId, 'snapshot-volume', volume.id) },
    spec: {
      // While two contents name the same snapshot neither may delete it; cleanup says Delete.
      deletionPolicy: 'Retain',
      driver: original.driver,
      source: { snapshotHandle: original.snapshotHandle },
      sourceVolumeMode: original.sourceVolumeMode,
      // Secrets that the driver needs are found by the class.
      volumeSnapshotClassName: volume.source.snapshotClassName,
      volumeSnapshotRef: { namespace: GODWIT_NAMESPACE, name: exposureName(volume.id) },
    },
  };
}

export function buildReboundSnapshot(runId: string, volume: { id: string; source: VolumeSource }): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: 'VolumeSnapshot',
    metadata: {
      name: exposureName(volume.id),
      namespace: GODWIT_NAMESPACE,
      labels: temporaryLabels(runId, 'snapshot-volume', volume.id),
    },
    spec: {
      volumeSnapshotClassName: volume.source.snapshotClassName,
      source: { volumeSnapshotContentName: exposureName(volume.id) },
    },
  };
}

/** The claim that the mover mounts. Its class is of the volume's own driver. */
export function buildExposedClaim(runId: string, volume: { id: string; source: VolumeSource }, size: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: exposureName(volume.id),
      namespace: GODWIT_NAMESPACE,
      labels: temporaryLabels(runId, 'snapshot-volume', volume.id),
    },
    spec: {
      accessModes: [volume.source.exposedReadOnly ? 'ReadOnlyMany' : 'ReadWriteOnce'],
      storageClassName: volume.source.exposedStorageClassName,
      volumeMode: volume.source.volumeMode,
      resources: { requests: { storage: size } },
      dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: exposureName(volume.id) },
    },
  };
}
