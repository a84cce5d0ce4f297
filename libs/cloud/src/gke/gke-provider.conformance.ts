import { readFileSync } from 'node:fs';
import { GcpCredentials } from '@godwit/contracts/cloud-accounts';
import { GkeDestination } from '@godwit/contracts/destination';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { FaultyFetch } from '../../../../tools/testing/clouds/faulty-fetch.ts';
import { USUAL_PACE } from '../cluster-provider.ts';
import { describeProvider } from '../testing/provider-conformance.ts';
import { CALL, GcpClients } from './gcp-clients.ts';
import { GCP_RUN_LABEL, locationPath } from './gke-names.ts';
import { GkeProvider } from './gke-provider.ts';
import type { Cluster } from './gke-work.ts';

const NAME = 'godwit-conformance';
const CREATION = /^POST .*\/v1\/projects\/[^/]+\/locations\/[^/]+\/clusters\?/;
/** One more than it takes to ask for a cluster, and to hear of it. */
const MOST_DEATHS = 6;
const ORGANISATION = 'conformance';
const LONG_MS = 6 * 60 * 60_000;

jest.setTimeout(LONG_MS);

const { GOOGLE_APPLICATION_CREDENTIALS, GODWIT_CONFORMANCE_LOCATION } = process.env;
if (!GOOGLE_APPLICATION_CREDENTIALS) throw new Error('GOOGLE_APPLICATION_CREDENTIALS names no key of a service account');
const key = JSON.parse(readFileSync(GOOGLE_APPLICATION_CREDENTIALS, 'utf8'));
const credentials = GcpCredentials.parse({
  provider: 'GCP',
  projectId: key.project_id,
  serviceAccountEmail: key.client_email,
  privateKey: key.private_key,
});
const location = GODWIT_CONFORMANCE_LOCATION ?? 'europe-west1-b';
const { signal } = new AbortController();
const provider = new GkeProvider(credentials, ORGANISATION, USUAL_PACE);
const clients = new GcpClients(credentials, ORGANISATION, signal);
let faults: FaultyFetch;
let destination: GkeDestination;

beforeAll(async () => {
  faults = new FaultyFetch();
  const { versions, problems } = await provider.listOptions(location, signal);
  if (!versions?.[0]) throw new Error(`GKE offers no versions in ${location}: ${JSON.stringify(problems)}`);
  destination = GkeDestination.parse({
    type: 'GKE',
    cloudAccountId: '00000000-0000-4000-8000-000000000001',
    name: NAME,
    location,
    version: versions[0],
    nodePools: [{ name: 'workers', machineType: 'e2-medium', nodes: 1, minNodes: 1, maxNodes: 1, diskGiB: 20 }],
  });
});

afterAll(async () => {
  if (destination) await reset();
  faults?.stop();
  await clients.close();
});

const listClusters = async (): Promise<Cluster[]> => {
  const [answer] = await clients.clusters.listClusters({ parent: locationPath(credentials.projectId, { location }) }, CALL);
  return (answer.clusters ?? []).filter(({ name }) => name === NAME);
};

/** Deletes what any run of this left, also an earlier one that was killed. */
async function reset(): Promise<void> {
  faults.forget();
  for (const { resourceLabels } of await listClusters()) {
    const runId = resourceLabels?.[GCP_RUN_LABEL];
    if (!runId) throw new Error(`a cluster ${NAME} is there that was not made by this`);
    await provider.deleteCluster(runId, destination, { signal, observe: () => {} });
  }
}

describeProvider('the real GKE', () => ({
  provider: provider as never,
  destination: () => destination,
  reset,
  inventory: async () =>
    (await listClusters())
      .flatMap(({ name, nodePools }) => [`cluster ${name}`, ...(nodePools ?? []).map((pool) => `node pool ${name}/${pool.name}`)])
      .sort(),
  complete: (_, name) => [`cluster ${name}`, `node pool ${name}/workers`],
  creations: () => faults.seen.filter((request) => CREATION.test(request)),
  killAfter: (requests, onKill) => faults.killAfter(requests, onKill),
  revive: () => faults.revive(),
  mostDeaths: MOST_DEATHS,
  refuseForQuota: (text) => {
    const message = `Insufficient regional quota. ${text}`;
    faults.refuse(CREATION, 403, { error: { code: 403, status: 'PERMISSION_DENIED', message } });
  },
}));
