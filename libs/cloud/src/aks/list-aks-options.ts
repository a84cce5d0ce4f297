import type { CloudOptions } from '@godwit/contracts/calls';
import { answered, askEach } from '../ask-each.ts';
import { armResources } from './arm-resources.ts';
import type { AzureClients } from './azure-clients.ts';
import { explainAzureError } from './explain-azure-error.ts';
import { vmSizeOf } from './vm-size.ts';

/** What there is to choose from. */
export async function listAksOptions(
  clients: AzureClients,
  location: string | undefined,
  signal: AbortSignal,
): Promise<CloudOptions> {
  const { ask, problems } = askEach(explainAzureError);
  const general = Promise.all([
    ask('listing the locations', () => listLocations(clients, signal)),
    ask('listing the resource groups', () => listGroups(clients, signal)),
  ]);
  const local = location
    ? Promise.all([
        ask('listing the versions of AKS', () => listVersions(clients, location, signal)),
        ask('listing sizes of virtual machines', () => listSizes(clients, location, signal)),
        ask('listing virtual networks', () => listNetworks(clients, location, signal)),
      ])
    : [];
  const [[regions, resourceGroups], [versions, instanceTypes, networks]] = await Promise.all([general, local]);
  return answered({ regions, resourceGroups, versions, instanceTypes, networks, problems });
}

/** Physical ones: others are groups of them. */
export async function listLocations(clients: AzureClients, signal: AbortSignal): Promise<string[]> {
  const locations = await armResources.locations(clients, signal);
  return locations.flatMap(({ name, metadata }) => (metadata?.regionType === 'Logical' ? [] : name)).sort();
}

async function listGroups(clients: AzureClients, signal: AbortSignal) {
  const groups = await armResources.resourceGroups(clients, signal);
  return groups.map(({ name, location }) => ({ name, location })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @returns minor versions, newest first, without previews, and without those that are only to be had with long-term support */
export async function listVersions(clients: AzureClients, location: string, signal: AbortSignal): Promise<string[]> {
  const { values = [] } = await clients.containers.managedClusters.listKubernetesVersions(location, { abortSignal: signal });
  const minor = (version: string) => Number(version.split('.')[1]);
  const isOffered = ({ isPreview, capabilities }: (typeof values)[number]) =>
    !isPreview && (capabilities?.supportPlan?.includes('KubernetesOfficial') ?? true);
  return values.flatMap((each) => (each.version && isOffered(each) ? each.version : [])).sort((a, b) => minor(b) - minor(a));
}

async function listSizes(clients: AzureClients, location: string, signal: AbortSignal) {
  const sizes = (await armResources.vmSizes(clients, location, signal)).map(vmSizeOf);
  return sizes
    .filter(({ isAvailable }) => isAvailable)
    .map(({ isAvailable: _, ...size }) => size)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function listNetworks(clients: AzureClients, location: string, signal: AbortSignal) {
  const networks = await armResources.virtualNetworks(clients, signal);
  return networks
    .filter((network) => network.location === location)
    .map(({ id, name, properties: { subnets = [] } }) => ({
      id,
      name,
      subnets: subnets.map((subnet) => ({
        id: subnet.id,
        name: subnet.name,
        cidr: subnet.properties.addressPrefix ?? subnet.properties.addressPrefixes?.join(', ') ?? '',
      })),
    }));
}
