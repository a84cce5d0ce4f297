import {
  type Cluster,
  CreateClusterCommand,
  CreateNodegroupCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  type EKSClient,
  type Nodegroup,
} from '@aws-sdk/client-eks';
import type { EksDestination, EksNodePool } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { lingerMs, type ProviderCall, type ProviderPace } from '../cluster-provider.ts';
import { lingering } from '../lingering.ts';
import { waitUntil } from '../wait-until.ts';
import { amiTypeOf } from './ami-type.ts';
import { tagsOf } from './eks-tags.ts';
import { explainAwsError, isInUse, isNotThere } from './explain-aws-error.ts';

export interface EksWork {
  eks: EKSClient;
  runId: string;
  destination: EksDestination;
  call: ProviderCall;
  pace: ProviderPace;
}

/** @returns undefined if there is no such thing; @throws the error with what it means */
export async function unlessNotThere<T>(what: string, ask: Promise<T>): Promise<T | undefined> {
  try {
    return await ask;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw explainAwsError(error, what);
  }
}

/** A request that makes a thing; that it is there meanwhile is as good. @returns undefined then */
export async function unlessInUse<T>(what: string, make: Promise<T>): Promise<T | undefined> {
  try {
    return await make;
  } catch (error) {
    if (isInUse(error)) return undefined;
    throw explainAwsError(error, what);
  }
}

/** Of requests that make something. */
export const creationOptions = ({ call, pace }: Pick<EksWork, 'call' | 'pace'>) => ({
  abortSignal: lingering(call.signal, lingerMs(pace)),
});

/** @returns the cluster of that name, whoever made it */
export async function findCluster({ eks, destination: { name }, call }: EksWork): Promise<Cluster | undefined> {
  const options = { abortSignal: call.signal };
  const answer = unlessNotThere(`reading EKS cluster ${name}`, eks.send(new DescribeClusterCommand({ name }), options));
  return (await answer)?.cluster;
}

/** The control plane. Its name is taken once in the region, so that there is never a second one. */
export async function ensureControlPlane(work: EksWork): Promise<void> {
  const { eks, runId, destination, call, pace } = work;
  const { name, version, clusterRoleArn, subnetIds, securityGroupIds } = destination;
  const what = `EKS cluster ${name}`;
  if (!(await findCluster(work))) {
    const command = new CreateClusterCommand({
      name,
      version,
      roleArn: clusterRoleArn,
      resourcesVpcConfig: { subnetIds, securityGroupIds, endpointPublicAccess: true, endpointPrivateAccess: true },
      accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP', bootstrapClusterCreatorAdminPermissions: true },
      clientRequestToken: runId,
      tags: tagsOf(runId),
    });
    await unlessInUse(`creating ${what}`, eks.send(command, creationOptions(work)));
  }
  await waitUntil(
    what,
    async () => {
      const cluster = await findCluster(work);
      if (!cluster) return { state: 'not seen yet', done: false };
      refuseOfOthers(cluster, runId);
      const state = cluster.status ?? 'UNKNOWN';
      if (state === 'FAILED' || state === 'DELETING') throw creationFailed(what, state, cluster.health?.issues);
      return { state, done: state === 'ACTIVE' };
    },
    { ...call, pace },
  );
}

/** @throws FatalError if it was not made by the run */
function refuseOfOthers({ name, tags }: Cluster, runId: string): void {
  if (tags?.[RUN_LABEL] === runId) return;
  const whose = tags?.[RUN_LABEL] ? `was made by the run ${tags[RUN_LABEL]}` : 'was made by others';
  throw new FatalError('ClusterNameTaken', `EKS cluster ${name} is there already and ${whose}`, {
    cure: 'Choose it as the destination if it is registered, or another name.',
  });
}

/**
 * The node groups of the cluster. All are asked for before any is waited for: where one is refused, none is still being asked for
 * while what there is is deleted.
 */
export async function ensureNodeGroups(work: EksWork): Promise<void> {
  const { nodePools } = work.destination;
  const asked = await Promise.allSettled(nodePools.map((pool) => createNodeGroup(work, pool)));
  for (const answer of asked) if (answer.status === 'rejected') throw answer.reason;
  await Promise.all(nodePools.map((pool) => waitForNodeGroup(work, pool)));
}

const nameOf = ({ destination }: EksWork, pool: EksNodePool) => `node group ${pool.name} of EKS cluster ${destination.name}`;

async function findNodeGroup(work: EksWork, pool: EksNodePool): Promise<Nodegroup | undefined> {
  const command = new DescribeNodegroupCommand({ clusterName: work.destination.name, nodegroupName: pool.name });
  const asked = work.eks.send(command, { abortSignal: work.call.signal });
  return (await unlessNotThere(`reading ${nameOf(work, pool)}`, asked))?.nodegroup;
}

async function createNodeGroup(work: EksWork, pool: EksNodePool): Promise<void> {
  if (await findNodeGroup(work, pool)) return;
  const { eks, runId, destination } = work;
  const command = new CreateNodegroupCommand({
    clusterName: destination.name,
    nodegroupName: pool.name,
    nodeRole: destination.nodeRoleArn,
    subnets: destination.subnetIds,
    scalingConfig: { minSize: pool.minNodes, maxSize: pool.maxNodes, desiredSize: pool.nodes },
    instanceTypes: pool.instanceTypes,
    amiType: amiTypeOf(pool.instanceTypes),
    capacityType: pool.capacityType,
    diskSize: pool.diskGiB,
    clientRequestToken: `${runId}-${pool.name}`.slice(0, 64),
    tags: tagsOf(runId),
  });
  await unlessInUse(`creating ${nameOf(work, pool)}`, eks.send(command, creationOptions(work)));
}

async function waitForNodeGroup(work: EksWork, pool: EksNodePool): Promise<void> {
  const what = nameOf(work, pool);
  await waitUntil(
    what,
    async () => {
      const group = await findNodeGroup(work, pool);
      const state = group?.status ?? 'not seen yet';
      if (/FAILED|DEGRADED|DELETING/.test(state)) throw creationFailed(what, state, group?.health?.issues);
      return { state, done: state === 'ACTIVE' };
    },
    { ...work.call, pace: work.pace },
  );
}

interface Issue {
  code?: string | undefined;
  message?: string | undefined;
}

/** What the provider says of a thing that came to nothing. */
export function creationFailed(what: string, state: string, issues: readonly Issue[] = []): FatalError {
  const said = issues.map(({ code, message }) => `${code}: ${message}`).join('; ');
  const first = Object.assign(new Error(issues[0]?.message ?? ''), {
    name: issues[0]?.code ?? state,
    $metadata: { httpStatusCode: 400 },
  });
  const { reason, cure } = explainAwsError(first, what);
  return new FatalError(
    reason === 'ProviderRefused' ? 'CreationFailed' : reason,
    `${what} is ${state}: ${said || 'AWS does not say why'}`,
    {
      ...(cure ? { cure } : {}),
    },
  );
}
