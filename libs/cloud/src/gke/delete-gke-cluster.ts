import { waitUntil } from '../wait-until.ts';
import { isBusy, isNotFound } from './explain-gcp-error.ts';
import { CALL } from './gcp-clients.ts';
import { clusterPath, GCP_RUN_LABEL } from './gke-names.ts';
import { ask, findCluster, type GkeWork } from './gke-work.ts';

const DELETING = 'STOPPING';

/**
 * The cluster with its node pools, which go before it. While something is done with it (its creation, at the least) it cannot be
 * deleted: it is asked again until it can.
 */
export async function deleteGkeCluster(work: GkeWork): Promise<void> {
  const { clients, runId, destination, call, pace } = work;
  const what = `deletion of GKE cluster ${destination.name}`;
  const name = clusterPath(clients.projectId, destination);
  await waitUntil(
    what,
    async () => {
      const cluster = await findCluster(work);
      if (cluster?.resourceLabels?.[GCP_RUN_LABEL] !== runId) return { state: 'gone', done: true };
      const state = String(cluster.status);
      if (state === DELETING) return { state, done: false };
      const excuse = (error: unknown) => isBusy(error) || isNotFound(error);
      const begun = await ask(clients, what, clients.clusters.deleteCluster({ name }, CALL), excuse);
      return { state: begun ? DELETING : `${state}, and cannot be deleted yet`, done: false };
    },
    { ...call, pace },
  );
}
