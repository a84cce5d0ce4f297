import type { GkeDestination, GkeNodePool } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import { waitUntil } from '../wait-until.ts';
import { describeOperation, failureOf, type Operation } from './describe-operation.ts';
import { cureFor, isAlreadyThere } from './explain-gcp-error.ts';
import { CALL } from './gcp-clients.ts';
import { clusterPath, GCP_RUN_LABEL, labelsOf, locationPath } from './gke-names.ts';
import { ask, askToCreate, type Cluster, findCluster, type GkeWork } from './gke-work.ts';

const READY = 'RUNNING';
/** Of clusters and node pools that do not get ready by themselves. */
const FAILED = /ERROR|DEGRADED|STOPPING/;

/**
 * The cluster with all its node pools: they are made by one request. Its name is taken once in the location, so that there is
 * never a second one.
 */
export async function ensureGkeCluster(work: GkeWork): Promise<void> {
  const { clients, runId, destination, call, pace } = work;
  const what = `GKE cluster ${destination.name}`;
  let operation: Operation | undefined;
  if (!(await findCluster(work))) {
    const parent = locationPath(clients.projectId, destination);
    clients.throwIfAborted();
    const creation = clients.clusters.createCluster({ parent, cluster: describeCluster(runId, destination) }, CALL);
    operation = await askToCreate<Operation>(clients, `creating ${what}`, creation, isAlreadyThere);
  }
  await waitUntil(
    what,
    async () => {
      const cluster = await findCluster(work);
      if (cluster) refuseOfOthers(cluster, runId);
      const unready = cluster && unreadyOf(cluster, destination);
      if (cluster && !unready) return { state: READY, done: true };
      // Of a cluster that went away again only its own operation tells.
      operation = operation || cluster ? await refresh(work, operation) : undefined;
      const failure = operation && String(operation.status) === 'DONE' ? failureOf(operation) : undefined;
      if (failure || (unready && FAILED.test(unready))) throw creationFailed(what, unready, [failure, ...saidOf(cluster)]);
      const state = unready ?? 'not seen yet';
      return { state: operation ? `${state}: ${describeOperation(operation)}` : state, done: false };
    },
    { ...call, pace },
  );
}

function describeCluster(runId: string, destination: GkeDestination): Cluster {
  const { name, version, network, subnetwork, serviceAccount, nodePools } = destination;
  return {
    name,
    initialClusterVersion: version,
    network,
    ...(subnetwork ? { subnetwork } : {}),
    // Addresses of pods are those of the network, as everything newer needs it.
    ipAllocationPolicy: { useIpAliases: true },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: true } },
    resourceLabels: labelsOf(runId),
    nodePools: nodePools.map((pool) => describePool(pool, serviceAccount)),
  };
}

function describePool({ name, nodes, minNodes, maxNodes, machineType, diskGiB }: GkeNodePool, serviceAccount?: string) {
  return {
    name,
    initialNodeCount: nodes,
    autoscaling: { enabled: true, minNodeCount: minNodes, maxNodeCount: maxNodes },
    config: {
      machineType,
      diskSizeGb: diskGiB,
      oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
      ...(serviceAccount ? { serviceAccount } : {}),
    },
  };
}

/** @throws FatalError if it was not made by the run */
function refuseOfOthers({ name, resourceLabels }: Cluster, runId: string): void {
  const madeBy = resourceLabels?.[GCP_RUN_LABEL];
  if (madeBy === runId) return;
  const whose = madeBy ? `was made by the run ${madeBy}` : 'was made by others';
  throw new FatalError('ClusterNameTaken', `GKE cluster ${name} is there already and ${whose}`, {
    cure: 'Choose it as the destination if it is registered, or another name.',
  });
}

/** @returns what is not ready yet with its state; undefined: all of it is there */
function unreadyOf({ status, nodePools }: Cluster, destination: GkeDestination): string | undefined {
  if (String(status) !== READY) return String(status);
  const states = destination.nodePools.map(({ name }) => {
    const pool = nodePools?.find((candidate) => candidate.name === name);
    return { name, state: pool ? String(pool.status) : 'not seen yet' };
  });
  const unready = states.find(({ state }) => FAILED.test(state)) ?? states.find(({ state }) => state !== READY);
  return unready && `node pool ${unready.name} ${unready.state}`;
}

/** @returns the creation as it is now; after another worker began it, it is found by the cluster it makes */
async function refresh({ clients, destination }: GkeWork, known: Operation | undefined): Promise<Operation | undefined> {
  const parent = locationPath(clients.projectId, destination);
  const what = `reading the creation of GKE cluster ${destination.name}`;
  if (known?.name)
    return ask<Operation>(clients, what, clients.clusters.getOperation({ name: `${parent}/operations/${known.name}` }, CALL));
  const answer = await ask(clients, what, clients.clusters.listOperations({ parent }, CALL));
  const path = `/${clusterPath('', destination).split('/').slice(-2).join('/')}`;
  return answer?.operations
    ?.filter(({ operationType, targetLink }) => String(operationType) === 'CREATE_CLUSTER' && targetLink?.endsWith(path))
    .sort((a, b) => String(a.startTime).localeCompare(String(b.startTime)))
    .at(-1);
}

function saidOf(cluster: Cluster | undefined): (string | null | undefined)[] {
  const pools = cluster?.nodePools ?? [];
  return [cluster, ...pools].flatMap((part) => [part?.statusMessage, ...(part?.conditions ?? []).map(({ message }) => message)]);
}

/** What the provider says of a cluster that came to nothing. */
function creationFailed(what: string, state: string | undefined, texts: readonly (string | null | undefined)[]): FatalError {
  const said = [...new Set(texts.filter(Boolean))].join('; ');
  const { reason, cure } = cureFor(said);
  return new FatalError(
    reason === 'ProviderRefused' ? 'CreationFailed' : reason,
    `${what} is ${state ?? 'not there'}: ${said || 'Google Cloud does not say why'}`,
    { cure },
  );
}
