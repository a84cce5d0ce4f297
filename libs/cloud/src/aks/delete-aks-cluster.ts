import { waitUntil } from '../wait-until.ts';
import { RUN_TAG } from './aks-tags.ts';
import { type AksWork, findCluster } from './ensure-aks-cluster.ts';
import { explainAzureError, isBusy, isNotThere } from './explain-azure-error.ts';

const DELETING = 'Deleting';

/**
 * The cluster, with the resource group that AKS made for its nodes, disks and addresses. What is being made may not be deletable:
 * it is asked again until it is.
 */
export async function deleteAksCluster(work: AksWork): Promise<void> {
  const { clients, runId, destination, call, pace } = work;
  const { resourceGroup, name } = destination;
  const what = `deletion of AKS cluster ${name}`;
  await waitUntil(
    what,
    async () => {
      const cluster = await findCluster(work);
      // One of another run is not this one's.
      if (cluster?.tags?.[RUN_TAG] !== runId) return { state: 'gone', done: true };
      const state = cluster.provisioningState ?? 'Unknown';
      if (state === DELETING) return { state, done: false };
      try {
        await clients.containers.managedClusters.delete(resourceGroup, name, { abortSignal: call.signal }).submitted();
        return { state: DELETING, done: false };
      } catch (error) {
        if (isNotThere(error) || isBusy(error)) return { state, done: false };
        throw explainAzureError(error, `deleting AKS cluster ${name}`);
      }
    },
    { ...call, pace },
  );
}
