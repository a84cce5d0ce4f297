import type { CloudOptions } from '@godwit/contracts/calls';
import { AksNodePool, type CloudClusterType, EksNodePool, GkeNodePool } from '@godwit/contracts/destination';
import type { DestinationSuggestion, SourceNodes, SuggestedDestination } from '@godwit/contracts/destination-suggestion';
import type { Finding } from '@godwit/contracts/findings';
import { nearestVersion } from './nearest-version.ts';
import { type SuggestedPool, suggestPools } from './suggest-pools.ts';

/** Regional clusters of GKE have their nodes in so many zones, and numbers of nodes are those of each. */
const ZONES_OF_REGION = 3;
const MOST_AKS_ZONES = 3;

type Network = NonNullable<CloudOptions['networks']>[number];

/**
 * A destination that is like the source, from what an account offers. Pure.
 *
 * @param region in which it is to be, as the options name it
 * @param offered in that region; what is absent in it is absent in the suggestion, or a problem
 */
export function suggestDestination(
  type: CloudClusterType,
  region: string,
  source: SourceNodes,
  offered: CloudOptions,
): DestinationSuggestion {
  const because: string[] = [];
  const problems: Finding[] = [...(source.problem ? [source.problem] : []), ...offered.problems];
  const chosen = nearestVersion(source.version, offered.versions);
  if (chosen) {
    const { version, isOlder } = chosen;
    because.push(
      `Kubernetes ${version} is the nearest that is offered to the ${source.version ?? 'unknown version'} of the source`,
    );
    if (isOlder) problems.push(warning('VersionOlder', `no version is offered that is as new as the source's ${source.version}`));
  }
  const { pools, unmatched } = suggestPools(type, source.nodes, offered.instanceTypes ?? []);
  for (const { nodes, shape, because: why } of pools)
    because.push(`${nodes} × ${shape.name} (${shape.cpus} CPUs, ${shape.memoryGiB} GiB, ${shape.architecture}) for ${why}`);
  if (offered.instanceTypes)
    for (const node of unmatched) problems.push(warning('NoShape', `no shape of nodes is offered that holds ${node}`));
  const zones = new Set(source.nodes.flatMap(({ zone }) => zone ?? [])).size;
  const version = chosen ? { version: chosen.version } : {};
  const destination = buildDestination(type, region, { version, pools, zones, offered }, because);
  return { destination, because, problems };
}

function buildDestination(
  type: CloudClusterType,
  region: string,
  {
    version,
    pools,
    zones,
    offered,
  }: { version: { version?: string }; pools: SuggestedPool[]; zones: number; offered: CloudOptions },
  because: string[],
): SuggestedDestination {
  if (type === 'AKS') {
    const spread = zones > 1 ? Array.from({ length: Math.min(zones, MOST_AKS_ZONES) }, (_, index) => String(index + 1)) : [];
    if (spread.length > 0) because.push(`Zones ${spread.join(', ')}, as the source is in ${zones}`);
    const nodePools = pools.map(({ name, shape, ...counts }) =>
      AksNodePool.parse({
        name,
        ...countsOf(counts.nodes),
        vmSize: shape.name,
        zones: spread.filter((zone) => shape.zones?.includes(zone) ?? true),
      }),
    );
    const groups = offered.resourceGroups?.map((group) => group.name);
    return { type, location: region, ...onlyOne('resourceGroup', groups), ...version, nodePools };
  }
  if (type === 'GKE') {
    const isRegion = /\d$/.test(region);
    const nodePools = pools.map(({ name, nodes, shape }) => {
      const each = isRegion ? Math.ceil(nodes / ZONES_OF_REGION) : nodes;
      return GkeNodePool.parse({ name, ...countsOf(each), machineType: shape.name });
    });
    if (isRegion && pools.length > 0) because.push(`The nodes are shared out over ${ZONES_OF_REGION} zones of ${region}`);
    return { type, location: region, ...version, nodePools };
  }
  const subnetIds = chooseSubnets(offered.networks ?? [], zones);
  if (subnetIds)
    because.push(`${subnetIds.length} subnets, each in another zone${zones > 0 ? `: the source is in ${zones}` : ''}`);
  const nodePools = pools.map(({ name, nodes, shape }) =>
    EksNodePool.parse({ name, ...countsOf(nodes), instanceTypes: [shape.name] }),
  );
  return {
    type,
    region,
    ...version,
    ...(subnetIds ? { subnetIds } : {}),
    ...onlyOne('clusterRoleArn', offered.clusterRoles),
    ...onlyOne('nodeRoleArn', offered.nodeRoles),
    nodePools,
  };
}

/** Room for one more than there are, and at least for the usual three. */
function countsOf(nodes: number): { nodes: number; minNodes: number; maxNodes: number } {
  return { nodes, minNodes: 1, maxNodes: Math.max(3, nodes + 1) };
}

/** One subnet in each of as many zones as the source has, two at least, of the first network that has so many; else of that with the most. */
function chooseSubnets(networks: readonly Network[], zones: number): string[] | undefined {
  const wanted = Math.max(2, zones);
  const byZone = networks.map(({ subnets }) => [...new Map(subnets.toReversed().map(({ zone = '', id }) => [zone, id]))].sort());
  const fit = byZone.find((found) => found.length >= wanted) ?? byZone.toSorted((a, b) => b.length - a.length)[0];
  return fit && fit.length >= 2 ? fit.slice(0, wanted).map(([, id]) => id) : undefined;
}

/** What there is no choice of. */
function onlyOne<K extends string>(name: K, values: readonly string[] | undefined): Partial<Record<K, string>> {
  return values?.length === 1 ? ({ [name]: values[0] } as Partial<Record<K, string>>) : {};
}

function warning(reason: string, message: string): Finding {
  return { severity: 'warning', reason, message };
}
