import type { ManagedCluster } from '@azure/arm-containerservice';
import type { AksDestination } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import { lingerMs, type ProviderCall, type ProviderPace } from '../cluster-provider.ts';
import { lingering } from '../lingering.ts';
import { waitUntil } from '../wait-until.ts';
import { aksClusterBody } from './aks-cluster-body.ts';
import { RUN_TAG } from './aks-tags.ts';
import { armResources } from './arm-resources.ts';
import type { AzureClients } from './azure-clients.ts';
import { creationFailed, explainAzureError, isBusy, isNotThere } from './explain-azure-error.ts';

export interface AksWork {
  clients: AzureClients;
  runId: string;
  destination: AksDestination;
  call: ProviderCall;
  pace: ProviderPace;
}

/** @returns the cluster of that name, whoever made it */
export async function findCluster({
  clients,
  destination,
  call,
}: Omit<AksWork, 'runId' | 'pace'>): Promise<ManagedCluster | undefined> {
  const { resourceGroup, name } = destination;
  try {
    return await clients.containers.managedClusters.get(resourceGroup, name, { abortSignal: call.signal });
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw explainAzureError(error, `reading AKS cluster ${name}`);
  }
}

/**
 * The cluster with its nodes. Its name is taken once in the resource group, and what is there is never written over, so that there
 * is never a second one. How far it is tells the cluster itself: the operation that makes it is lost with the worker that began it.
 */
export async function ensureAksCluster(work: AksWork): Promise<void> {
  const { runId, destination, call, pace } = work;
  const what = `AKS cluster ${destination.name}`;
  if (!(await findCluster(work))) await requestCluster(work, what);
  await waitUntil(
    what,
    async () => {
      const cluster = await findCluster(work);
      if (!cluster) return { state: 'not seen yet', done: false };
      refuseOfOthers(cluster, what, runId);
      const state = cluster.provisioningState ?? 'Unknown';
      if (/^(Failed|Canceled|Deleting)$/.test(state)) throw creationFailed(what, state, cluster.status?.provisioningError);
      return { state, done: state === 'Succeeded' };
    },
    { ...call, pace },
  );
}

/** Asked for until Azure takes it: a cluster of that name may be going just now. */
async function requestCluster(work: AksWork, what: string): Promise<void> {
  const { clients, runId, destination, call, pace } = work;
  const { resourceGroup, name } = destination;
  const body = aksClusterBody(runId, destination, await takenNetworks(work));
  await waitUntil(
    what,
    async () => {
      try {
        const options = { ifNoneMatch: '*', abortSignal: lingering(call.signal, lingerMs(pace)) };
        await clients.containers.managedClusters.createOrUpdate(resourceGroup, name, body, options).submitted();
        return { state: 'Requested', done: true };
      } catch (error) {
        if (!isBusy(error)) throw explainAzureError(error, `creating ${what}`);
        return { state: 'Waiting for Azure', done: (await findCluster(work)) !== undefined };
      }
    },
    { ...call, pace },
  );
}

/** @throws FatalError if it was not made by the run */
function refuseOfOthers({ tags }: ManagedCluster, what: string, runId: string): void {
  if (tags?.[RUN_TAG] === runId) return;
  const whose = tags?.[RUN_TAG] ? `was made by the run ${tags[RUN_TAG]}` : 'was made by others';
  throw new FatalError('ClusterNameTaken', `${what} is there already and ${whose}`, {
    cure: 'Choose it as the destination if it is registered, or another name.',
  });
}

async function takenNetworks({ clients, destination: { subnetId }, call }: AksWork): Promise<string[]> {
  if (!subnetId) return [];
  try {
    const network = await armResources.networkOf(clients, subnetId, call.signal);
    return network?.properties.addressSpace?.addressPrefixes ?? [];
  } catch (error) {
    throw explainAzureError(error, 'reading the network of the nodes');
  }
}
