import type { AksDestination } from '@godwit/contracts/destination';
import type { FieldError } from '@godwit/contracts/problem-details';
import { unlessDenied } from '../unless-denied.ts';
import { armResources, type VirtualNetwork } from './arm-resources.ts';
import type { AzureClients } from './azure-clients.ts';
import { missingActions } from './azure-permissions.ts';
import { NEEDED_ACTIONS, SUBNET_ACTIONS } from './check-azure-account.ts';
import { explainAzureError } from './explain-azure-error.ts';
import { listLocations, listVersions } from './list-aks-options.ts';
import { type VmSize, vmSizeOf } from './vm-size.ts';

/** Of the nodes that the system's own pods are on. */
const SYSTEM_CPUS = 2;
const SYSTEM_MEMORY_GIB = 4;

/** What the account does not have of what a cluster would be made from. */
export async function validateAks(
  clients: AzureClients,
  destination: AksDestination,
  signal: AbortSignal,
): Promise<FieldError[]> {
  const { location, resourceGroup } = destination;
  const locations = await optional(listLocations(clients, signal), signal);
  if (locations && !locations.includes(location))
    return [{ path: ['location'], message: 'is not a location that the subscription sees' }];
  const [inGroup, inSubnet, versions, skus] = await Promise.all([
    checkGroup(clients, resourceGroup, signal),
    checkSubnet(clients, destination, signal),
    optional(listVersions(clients, location, signal), signal),
    optional(armResources.vmSizes(clients, location, signal), signal),
  ]);
  const wrong = [...inGroup, ...inSubnet];
  if (versions && !versions.includes(destination.version))
    wrong.push({ path: ['version'], message: `is not offered by AKS in ${location} (it offers ${versions.join(', ')})` });
  return [...wrong, ...checkPools(destination, skus?.map(vmSizeOf))];
}

/** Pure: what is wrong with pools. @param sizes of the location; undefined where they may not be asked for */
export function checkPools({ nodePools, location }: AksDestination, sizes: readonly VmSize[] | undefined): FieldError[] {
  const byName = new Map(sizes?.map((size) => [size.name.toLowerCase(), size]));
  return nodePools.flatMap((pool, index): FieldError[] => {
    const wrong: FieldError[] = [];
    const refuse = (field: string, message: string) => wrong.push({ path: ['nodePools', index, field], message });
    const isSystem = index === 0;
    if (isSystem && pool.minNodes < 1) refuse('minNodes', 'is 0, but the first pool bears the pods of the system');
    if (!sizes) return wrong;
    const size = byName.get(pool.vmSize.toLowerCase());
    if (!size?.isAvailable) {
      refuse('vmSize', `${pool.vmSize} is not to be had in ${location} by the subscription`);
      return wrong;
    }
    if (isSystem && (size.cpus < SYSTEM_CPUS || size.memoryGiB < SYSTEM_MEMORY_GIB))
      refuse(
        'vmSize',
        `${pool.vmSize} is too small for the first pool, which needs ${SYSTEM_CPUS} CPUs and ${SYSTEM_MEMORY_GIB} GiB`,
      );
    const zones = pool.zones.filter((zone) => !size.zones.includes(zone));
    if (zones.length > 0)
      refuse(
        'zones',
        `${pool.vmSize} is not to be had in ${zones.join(', ')} of ${location} (zones: ${size.zones.join(', ') || 'none'})`,
      );
    return wrong;
  });
}

async function checkGroup(clients: AzureClients, name: string, signal: AbortSignal): Promise<FieldError[]> {
  const path = ['resourceGroup'];
  try {
    if (!(await armResources.resourceGroup(clients, name, signal)))
      return [{ path, message: 'is not a resource group that the account sees; create it' }];
    const missing = missingActions(NEEDED_ACTIONS, await armResources.permissions(clients, name, signal));
    return missing.length > 0 ? [{ path, message: `the account may not do ${missing.join(', ')} in it` }] : [];
  } catch (error) {
    throw explainAzureError(error, `reading resource group ${name}`);
  }
}

async function checkSubnet(
  clients: AzureClients,
  { subnetId, location }: AksDestination,
  signal: AbortSignal,
): Promise<FieldError[]> {
  if (!subnetId) return [];
  const path = ['subnetId'];
  const wrong = (message: string) => [{ path, message }];
  try {
    const network = await armResources.networkOf(clients, subnetId, signal);
    if (!network || !hasSubnet(network, subnetId)) return wrong('is not a subnet that the account sees');
    if (network.location !== location) return wrong(`is in ${network.location}, and the cluster would be in ${location}`);
    const group = /\/resourceGroups\/([^/]+)\//i.exec(subnetId)![1]!;
    const missing = missingActions(SUBNET_ACTIONS, await armResources.permissions(clients, group, signal));
    return missing.length > 0 ? wrong(`the account may not do ${missing.join(', ')} in its resource group ${group}`) : [];
  } catch (error) {
    throw explainAzureError(error, 'reading the subnet');
  }
}

function hasSubnet({ properties: { subnets = [] } }: VirtualNetwork, subnetId: string): boolean {
  return subnets.some(({ id }) => id.toLowerCase() === subnetId.toLowerCase());
}

/** What may only be asked with a role of the whole subscription. */
function optional<T>(asked: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return unlessDenied(asked, (error) => explainAzureError(error, 'asking Azure what there is'), signal);
}
