import { CLOUD_STORAGE_CLASS } from '@godwit/contracts/cloud-storage-class';
import type { CloudClusterType } from '@godwit/contracts/destination';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { MANAGED_BY, MANAGED_BY_LABEL } from '@godwit/contracts/labels';
import { ensureObject } from '@godwit/kube/ensure-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listAll } from '@godwit/kube/list-all';
import { type ResourceType, STORAGE_CLASS, VOLUME_SNAPSHOT_CLASS } from '@godwit/kube/resource-type';

const DEFAULT_STORAGE_CLASS = 'storageclass.kubernetes.io/is-default-class';
const DEFAULT_SNAPSHOT_CLASS = 'snapshot.storage.kubernetes.io/is-default-class';

/** A default storage class and a default snapshot class, where the new cluster has none. @returns what was made */
export async function ensureClasses(client: KubeClient, type: CloudClusterType, signal: AbortSignal): Promise<string[]> {
  const { name, provisioner, parameters } = CLOUD_STORAGE_CLASS[type];
  const labels = { [MANAGED_BY_LABEL]: MANAGED_BY };
  const made: string[] = [];
  if (!(await hasDefault(client, STORAGE_CLASS, DEFAULT_STORAGE_CLASS, signal))) {
    await ensureObject(
      client,
      STORAGE_CLASS,
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name, labels, annotations: { [DEFAULT_STORAGE_CLASS]: 'true' } },
        provisioner,
        parameters,
        volumeBindingMode: 'WaitForFirstConsumer',
        allowVolumeExpansion: true,
      },
      signal,
    );
    made.push(`StorageClass ${name}`);
  }
  if (!(await hasDefault(client, VOLUME_SNAPSHOT_CLASS, DEFAULT_SNAPSHOT_CLASS, signal))) {
    await ensureObject(
      client,
      VOLUME_SNAPSHOT_CLASS,
      {
        apiVersion: 'snapshot.storage.k8s.io/v1',
        kind: 'VolumeSnapshotClass',
        metadata: { name, labels, annotations: { [DEFAULT_SNAPSHOT_CLASS]: 'true' } },
        driver: provisioner,
        deletionPolicy: 'Delete',
      },
      signal,
    );
    made.push(`VolumeSnapshotClass ${name}`);
  }
  return made;
}

/** @returns true also where the cluster does not serve such classes: none can be made then */
async function hasDefault(client: KubeClient, type: ResourceType, annotation: string, signal: AbortSignal): Promise<boolean> {
  try {
    const classes: KubernetesObject[] = await listAll(client, type, { signal });
    return classes.some(({ metadata }) => metadata.annotations?.[annotation] === 'true');
  } catch (error) {
    if (error instanceof KubeRequestError && error.status === 404) return true;
    throw error;
  }
}
