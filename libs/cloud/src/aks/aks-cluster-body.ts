import type { ManagedCluster } from '@azure/arm-containerservice';
import type { AksDestination } from '@godwit/contracts/destination';
import { tagsOf } from './aks-tags.ts';
import { freeCidrs } from './free-cidr.ts';

const MOST_OF_PREFIX = 45;

/**
 * What a run has made: nodes of which the first pool bears the system's pods, and what volumes and snapshots need.
 *
 * @param taken networks of the virtual network that the nodes are in
 */
export function aksClusterBody(runId: string, destination: AksDestination, taken: readonly string[]): ManagedCluster {
  const { name, location, version, subnetId, nodePools } = destination;
  return {
    location,
    tags: tagsOf(runId),
    identity: { type: 'SystemAssigned' },
    kubernetesVersion: version,
    dnsPrefix: dnsPrefixOf(name),
    enableRbac: true,
    // Where a policy turns them off all the same, tokens of Entra ID are used, which the cluster has to know.
    disableLocalAccounts: false,
    aadProfile: { managed: true, enableAzureRbac: true },
    networkProfile: {
      networkPlugin: 'azure',
      networkPluginMode: 'overlay',
      loadBalancerSku: 'standard',
      ...freeCidrs(taken),
    },
    storageProfile: {
      diskCSIDriver: { enabled: true },
      fileCSIDriver: { enabled: true },
      snapshotController: { enabled: true },
    },
    agentPoolProfiles: nodePools.map((pool, index) => ({
      name: pool.name,
      mode: index === 0 ? 'System' : 'User',
      type: 'VirtualMachineScaleSets',
      osType: 'Linux',
      vmSize: pool.vmSize,
      count: pool.nodes,
      enableAutoScaling: true,
      minCount: pool.minNodes,
      maxCount: pool.maxNodes,
      osDiskSizeGB: pool.diskGiB,
      ...(pool.zones.length > 0 ? { availabilityZones: pool.zones } : {}),
      ...(subnetId ? { vnetSubnetID: subnetId } : {}),
      tags: tagsOf(runId),
    })),
  };
}

/** Letters, digits and hyphens, neither of which is a hyphen at an end. */
function dnsPrefixOf(name: string): string {
  return name.replaceAll('_', '-').slice(0, MOST_OF_PREFIX).replace(/-+$/, '');
}
