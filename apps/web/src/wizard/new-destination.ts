import type { CloudClusterType, CreatedDestination } from '@godwit/contracts/destination';
import type { SuggestedDestination } from '@godwit/contracts/destination-suggestion';

/** How the place of a cluster is called by its provider. */
export const PLACE: Record<CloudClusterType, { field: 'region' | 'location'; label: string; placeholder: string }> = {
  EKS: { field: 'region', label: 'Region', placeholder: 'eu-central-1' },
  AKS: { field: 'location', label: 'Location', placeholder: 'westeurope' },
  GKE: { field: 'location', label: 'Region or zone', placeholder: 'europe-west1' },
};

const COUNTS = { nodes: 2, minNodes: 1, maxNodes: 3, diskGiB: 100 };

const POOLS: Record<CloudClusterType, object> = {
  EKS: { name: 'workers', ...COUNTS, instanceTypes: [], capacityType: 'ON_DEMAND' },
  AKS: { name: 'workers', ...COUNTS, vmSize: '', zones: [] },
  GKE: { name: 'workers', ...COUNTS, machineType: '' },
};

/** What another pool of nodes begins with. */
export function newNodePool(type: CloudClusterType): object {
  return { ...POOLS[type], name: '' };
}

/** What a cluster that is to be created begins with: the rest is chosen. */
export function newDestination(type: CloudClusterType, cloudAccountId: string): object {
  const all = { type, cloudAccountId, name: '', [PLACE[type].field]: '', version: '', nodePools: [POOLS[type]] };
  if (type === 'EKS') return { ...all, subnetIds: [], securityGroupIds: [], clusterRoleArn: '', nodeRoleArn: '' };
  return type === 'AKS' ? { ...all, resourceGroup: '' } : { ...all, network: 'default' };
}

/** @returns the destination with what is still open of it as suggested; itself, if nothing is */
export function fillLike(destination: CreatedDestination, suggested: SuggestedDestination): object {
  if (suggested.type !== destination.type) return destination;
  const { nodePools, ...fields } = suggested;
  const present: Record<string, unknown> = { ...destination };
  const isOpen = (value: unknown) => value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  const filled = Object.entries(fields).filter(([field]) => isOpen(present[field]));
  const arePoolsOpen =
    nodePools.length > 0 && JSON.stringify(destination.nodePools) === JSON.stringify([POOLS[destination.type]]);
  if (filled.length === 0 && !arePoolsOpen) return destination;
  return { ...destination, ...Object.fromEntries(filled), ...(arePoolsOpen ? { nodePools } : {}) };
}
