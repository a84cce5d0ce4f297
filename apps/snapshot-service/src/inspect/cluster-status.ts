import type { ClusterStatus } from '@godwit/contracts/calls';
import { reportError } from '@godwit/contracts/errors';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { KubeClient } from '@godwit/kube/kube-client';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { listAll } from '@godwit/kube/list-all';
import { NAMESPACE, NODE, type ResourceType, STORAGE_CLASS, VOLUME_SNAPSHOT_CLASS } from '@godwit/kube/resource-type';

const DEFAULT_STORAGE_CLASS = 'storageclass.kubernetes.io/is-default-class';
const DEFAULT_SNAPSHOT_CLASS = 'snapshot.storage.kubernetes.io/is-default-class';

/**
 * Asks a cluster what it is. Never throws: that a cluster does not answer is the answer. What our user may not list, or the
 * cluster does not serve, is left empty; without its namespaces a cluster is of no use.
 */
export async function observeCluster(client: KubeClient, signal: AbortSignal): Promise<ClusterStatus> {
  try {
    const { gitVersion } = await client.json<{ gitVersion: string }>('/version', { signal, what: 'asking for its version' });
    const [nodes, namespaces, storageClasses, snapshotClasses] = await Promise.all([
      listIfAllowed(client, NODE, signal),
      listAll(client, NAMESPACE, { signal }),
      listIfAllowed(client, STORAGE_CLASS, signal),
      listIfAllowed(client, VOLUME_SNAPSHOT_CLASS, signal),
    ]);
    return {
      state: 'Active',
      version: gitVersion,
      nodes: nodes?.length,
      namespaces: namespaces.map(({ metadata }) => metadata.name),
      storageClasses: (storageClasses ?? []).map((found) => ({
        name: found.metadata.name,
        provisioner: String(found.provisioner),
        isDefault: found.metadata.annotations?.[DEFAULT_STORAGE_CLASS] === 'true',
      })),
      snapshotClasses: (snapshotClasses ?? []).map((found) => ({
        name: found.metadata.name,
        driver: String(found.driver),
        isDefault: found.metadata.annotations?.[DEFAULT_SNAPSHOT_CLASS] === 'true',
      })),
    };
  } catch (error) {
    const { reason, message, cure } = reportError(error);
    const answered = error instanceof KubeRequestError && error.status > 0;
    return {
      state: answered ? 'Refused' : 'Unreachable',
      problem: { severity: 'error', reason, message, cure, cluster: client.clusterName },
    };
  }
}

async function listIfAllowed(
  client: KubeClient,
  type: ResourceType,
  signal: AbortSignal,
): Promise<KubernetesObject[] | undefined> {
  try {
    return await listAll(client, type, { signal });
  } catch (error) {
    if (error instanceof KubeRequestError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}
