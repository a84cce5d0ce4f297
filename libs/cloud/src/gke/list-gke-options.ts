import type { CloudOptions } from '@godwit/contracts/calls';
import { answered, askEach } from '../ask-each.ts';
import { explainGcpError } from './explain-gcp-error.ts';
import type { GcpClients } from './gcp-clients.ts';
import { GcpResources, type MachineType } from './gcp-resources.ts';
import { lastSegment, regionOf } from './gke-names.ts';
import { listVersions } from './validate-gke.ts';

const ACCOUNTS_PER_PAGE = 100;

/** What there is to choose from. */
export async function listGkeOptions(clients: GcpClients, location: string | undefined): Promise<CloudOptions> {
  const { ask, problems } = askEach(explainGcpError);
  const resources = new GcpResources(clients);
  const regions = await ask('listing the regions', async () =>
    (await resources.regions()).flatMap(({ name, zones = [] }) => [name, ...zones.map(lastSegment)]).sort(),
  );
  if (!location) return answered({ regions, problems });
  const region = regionOf(location);
  const [versions, instanceTypes, networks, nodeRoles] = await Promise.all([
    ask('listing versions', () => listVersions(clients, location)),
    ask('listing machine types', async () => listMachineTypes(resources, await resources.zonesOf(region, location))),
    ask('listing networks', () => listNetworks(resources, region)),
    ask('listing service accounts', () => listServiceAccounts(clients)),
  ]);
  return answered({ regions, versions, instanceTypes, networks, nodeRoles, problems });
}

async function listMachineTypes(resources: GcpResources, zones: readonly string[]) {
  const types = new Map<string, MachineType>();
  for (const found of await Promise.all(zones.map((zone) => resources.machineTypes(zone))))
    for (const type of found) types.set(type.name, type);
  return [...types.values()]
    .map(({ name, guestCpus, memoryMb, architecture }) => ({
      name,
      cpus: guestCpus,
      memoryGiB: memoryMb / 1024,
      architecture: architecture === 'ARM64' ? 'arm64' : 'amd64',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function listNetworks(resources: GcpResources, region: string) {
  const [networks, subnetworks] = await Promise.all([resources.networks(), resources.subnetworks(region)]);
  return networks.map(({ name }) => ({
    id: name,
    subnets: subnetworks
      .filter(({ network }) => lastSegment(network) === name)
      // They are of the whole region.
      .map((subnetwork) => ({ id: subnetwork.name, zone: region, cidr: subnetwork.ipCidrRange })),
  }));
}

/** What nodes may act as. */
async function listServiceAccounts(clients: GcpClients): Promise<string[]> {
  const emails: string[] = [];
  for (let pageToken = ''; ; ) {
    const page = await clients.request<{ accounts?: { email: string; disabled?: boolean }[]; nextPageToken?: string }>(
      `https://iam.googleapis.com/v1/projects/${clients.projectId}/serviceAccounts`,
      { params: { pageSize: ACCOUNTS_PER_PAGE, ...(pageToken ? { pageToken } : {}) } },
    );
    emails.push(...(page.accounts ?? []).filter(({ disabled }) => !disabled).map(({ email }) => email));
    if (!page.nextPageToken) return emails.sort();
    pageToken = page.nextPageToken;
  }
}
