import type { GkeDestination } from '@godwit/contracts/destination';
import type { FieldError } from '@godwit/contracts/problem-details';
import { explainGcpError, isDenied, isNotFound } from './explain-gcp-error.ts';
import { CALL, type GcpClients } from './gcp-clients.ts';
import { GcpResources } from './gcp-resources.ts';
import { lastSegment, locationPath, regionOf } from './gke-names.ts';

const ACT_AS = 'iam.serviceAccounts.actAs';

/** What the account does not have of what a cluster would be made from. */
export async function validateGke(clients: GcpClients, destination: GkeDestination): Promise<FieldError[]> {
  const { location } = destination;
  const resources = new GcpResources(clients);
  const region = regionOf(location);
  const zones = await unlessNotFound(clients, `reading region ${region}`, resources.zonesOf(region, location));
  if (!zones || zones.length === 0)
    return [{ path: ['location'], message: `is not a region or zone that project ${clients.projectId} has` }];
  const found = await Promise.all([
    checkVersion(clients, destination),
    ...destination.nodePools.map(({ machineType }, index) => checkMachineType(clients, resources, zones, machineType, index)),
    checkNetwork(clients, resources, destination),
    checkServiceAccount(clients, destination),
  ]);
  return found.flat();
}

/** @returns the minor versions that GKE offers in a location, the newest first */
export async function listVersions(clients: GcpClients, location: string): Promise<string[]> {
  const name = locationPath(clients.projectId, { location });
  const answer = clients.clusters.getServerConfig({ name }, CALL);
  answer.catch(() => {});
  const [{ validMasterVersions }] = await clients.untilAborted(answer);
  const minors = new Set((validMasterVersions ?? []).flatMap((version) => /^\d+\.\d+/.exec(version)?.[0] ?? []));
  return [...minors].sort((a, b) => Number(b.split('.')[1]) - Number(a.split('.')[1]));
}

async function checkVersion(clients: GcpClients, { location, version }: GkeDestination): Promise<FieldError[]> {
  let versions: string[];
  try {
    versions = await listVersions(clients, location);
  } catch (error) {
    clients.throwIfAborted();
    // Where they may not be asked for the creation tells.
    if (isDenied(error)) return [];
    throw explainGcpError(error, 'reading which versions GKE offers');
  }
  if (versions.includes(version)) return [];
  return [{ path: ['version'], message: `is not offered by GKE in ${location} (it offers ${versions.join(', ')})` }];
}

async function checkMachineType(
  clients: GcpClients,
  resources: GcpResources,
  zones: readonly string[],
  machineType: string,
  index: number,
): Promise<FieldError[]> {
  const what = `reading machine type ${machineType}`;
  const found = await Promise.all(zones.map((zone) => unlessNotFound(clients, what, resources.machineType(zone, machineType))));
  if (found.some(Boolean)) return [];
  return [{ path: ['nodePools', index, 'machineType'], message: `is not to be had in ${zones.join(', ')}` }];
}

async function checkNetwork(
  clients: GcpClients,
  resources: GcpResources,
  { location, network, subnetwork }: GkeDestination,
): Promise<FieldError[]> {
  const region = regionOf(location);
  const [net, sub] = await Promise.all([
    unlessNotFound(clients, `reading network ${network}`, resources.network(network)),
    subnetwork
      ? unlessNotFound(clients, `reading subnetwork ${subnetwork}`, resources.subnetwork(region, subnetwork))
      : undefined,
  ]);
  if (!net) return [{ path: ['network'], message: 'is not a network that the account sees' }];
  const wrong = (message: string) => [{ path: ['subnetwork'], message }];
  if (!subnetwork)
    return net.autoCreateSubnetworks ? [] : wrong(`is needed: network ${net.name} has none of its own in each region`);
  if (!sub) return wrong(`is not a subnetwork that the account sees in ${region}`);
  if (lastSegment(sub.network) !== net.name) return wrong(`is of network ${lastSegment(sub.network)}, not of ${net.name}`);
  return [];
}

/** The account has to be allowed to let nodes act as it. */
async function checkServiceAccount(clients: GcpClients, { serviceAccount }: GkeDestination): Promise<FieldError[]> {
  if (!serviceAccount) return [];
  const path = ['serviceAccount'];
  try {
    const url = `https://iam.googleapis.com/v1/projects/-/serviceAccounts/${serviceAccount}:testIamPermissions`;
    const { permissions = [] } = await clients.request<{ permissions?: string[] }>(url, { data: { permissions: [ACT_AS] } });
    if (permissions.includes(ACT_AS)) return [];
    return [{ path, message: `may not be used by ${clients.identity}: it lacks ${ACT_AS} (role Service Account User) on it` }];
  } catch (error) {
    clients.throwIfAborted();
    if (isNotFound(error)) return [{ path, message: 'is not a service account that there is' }];
    // Where it may not be asked for the creation tells.
    if (isDenied(error)) return [];
    throw explainGcpError(error, `reading service account ${serviceAccount}`);
  }
}

async function unlessNotFound<T>(clients: GcpClients, what: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    clients.throwIfAborted();
    if (isNotFound(error)) return undefined;
    throw explainGcpError(error, what);
  }
}
