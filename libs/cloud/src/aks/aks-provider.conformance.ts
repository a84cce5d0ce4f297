import { createDefaultHttpClient, createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { AzureCredentials } from '@godwit/contracts/cloud-accounts';
import { AksDestination } from '@godwit/contracts/destination';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { Faults } from '../../../../tools/testing/clouds/faults.ts';
import { USUAL_PACE } from '../cluster-provider.ts';
import { describeProvider } from '../testing/provider-conformance.ts';
import { AksProvider } from './aks-provider.ts';
import { RUN_TAG } from './aks-tags.ts';
import { AzureClients } from './azure-clients.ts';
import { azureEndpoints } from './azure-endpoints.ts';

const NAME = 'godwit-conformance';
const CREATION = new RegExp(`^PUT .*/managedClusters/${NAME}\\?`, 'i');
/** One more than it takes to ask for a cluster, and to hear of it. */
const MOST_DEATHS = 6;
const ORGANISATION = 'conformance';
const LONG_MS = 6 * 60 * 60_000;

jest.setTimeout(LONG_MS);

const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env;
const { GODWIT_CONFORMANCE_RESOURCE_GROUP, GODWIT_CONFORMANCE_LOCATION = 'westeurope' } = process.env;
const { GODWIT_CONFORMANCE_VM_SIZE = 'Standard_B2s' } = process.env;
const account = AzureCredentials.parse({
  provider: 'Azure',
  tenantId: AZURE_TENANT_ID,
  subscriptionId: AZURE_SUBSCRIPTION_ID,
  clientId: AZURE_CLIENT_ID,
  clientSecret: AZURE_CLIENT_SECRET,
});
const { signal } = new AbortController();
const faults = new Faults();
const provider = new AksProvider(account, ORGANISATION, USUAL_PACE, { ...azureEndpoints(), httpClient: faultyClient() });
/** Sees what there is, without faults. */
const { containers } = new AzureClients(account, ORGANISATION, azureEndpoints());
let destination: AksDestination;

function faultyClient(): HttpClient {
  const real = createDefaultHttpClient();
  return {
    sendRequest: async (request) => {
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      const answer = await faults.pass(
        `${request.method} ${request.url}`,
        () => real.sendRequest(request),
        (status, bodyAsText) => ({ request, headers, status, bodyAsText }),
      );
      if (answer) return answer;
      throw Object.assign(new Error('nobody hears of it'), { name: 'AbortError' });
    },
  };
}

beforeAll(async () => {
  const { versions, problems } = await provider.listOptions(GODWIT_CONFORMANCE_LOCATION, signal);
  if (!versions?.[0]) throw new Error(`AKS offers no versions in ${GODWIT_CONFORMANCE_LOCATION}: ${JSON.stringify(problems)}`);
  destination = AksDestination.parse({
    type: 'AKS',
    cloudAccountId: '00000000-0000-4000-8000-000000000001',
    name: NAME,
    resourceGroup: GODWIT_CONFORMANCE_RESOURCE_GROUP,
    location: GODWIT_CONFORMANCE_LOCATION,
    version: versions[0],
    nodePools: [{ name: 'system', vmSize: GODWIT_CONFORMANCE_VM_SIZE, nodes: 1, minNodes: 1, maxNodes: 1, diskGiB: 30 }],
  });
});

afterAll(async () => {
  if (destination) await reset();
});

async function findCluster() {
  try {
    return await containers.managedClusters.get(destination.resourceGroup, NAME);
  } catch (error) {
    if ((error as { statusCode?: number | string }).statusCode?.toString() === '404') return undefined;
    throw error;
  }
}

/** Deletes what any run of this left, also an earlier one that was killed. */
async function reset(): Promise<void> {
  faults.forget();
  const found = await findCluster();
  if (!found) return;
  const runId = found.tags?.[RUN_TAG];
  if (!runId) throw new Error(`a cluster ${NAME} is there that was not made by this`);
  await provider.deleteCluster(runId, destination, { signal, observe: () => {} });
}

describeProvider('the real AKS', () => ({
  provider: provider as never,
  destination: () => destination,
  reset,
  inventory: async () => {
    const found = await findCluster();
    if (!found) return [];
    const pools = (found.agentPoolProfiles ?? []).map((pool) => `pool ${found.name}/${pool.name}`);
    return [`cluster ${found.name} ${found.provisioningState}`, ...pools].sort();
  },
  complete: (_, name) => [`cluster ${name} Succeeded`, `pool ${name}/system`],
  creations: () => faults.seen.filter((request) => CREATION.test(request)),
  killAfter: (requests, onKill) => faults.killAfter(requests, onKill),
  revive: () => faults.revive(),
  mostDeaths: MOST_DEATHS,
  refuseForQuota: (message) => faults.refuse(CREATION, 400, { error: { code: 'QuotaExceeded', message } }),
}));
