import {
  DescribeRegionsCommand,
  type EC2Client,
  paginateDescribeInstanceTypes,
  paginateDescribeSubnets,
} from '@aws-sdk/client-ec2';
import { paginateListRoles } from '@aws-sdk/client-iam';
import type { CloudOptions } from '@godwit/contracts/calls';
import { answered, askEach } from '../ask-each.ts';
import { type AwsClients, GLOBAL_REGION } from './aws-clients.ts';
import { explainAwsError } from './explain-aws-error.ts';
import { listVersions } from './validate-eks.ts';

/** What there is to choose from. */
export async function listEksOptions(
  clients: AwsClients,
  region: string | undefined,
  signal: AbortSignal,
): Promise<CloudOptions> {
  const { ask, problems } = askEach(explainAwsError);
  const regions = await ask('listing the regions', async () => {
    const { Regions } = await clients.ec2(GLOBAL_REGION).send(new DescribeRegionsCommand({}), { abortSignal: signal });
    return (Regions ?? []).flatMap(({ RegionName }) => RegionName ?? []).sort();
  });
  if (!region) return answered({ regions, problems });
  const ec2 = clients.ec2(region);
  const [versions, instanceTypes, networks, roles] = await Promise.all([
    ask('listing the versions of EKS', () => listVersions(clients.eks(region), signal)),
    ask('listing instance types', () => listInstanceTypes(ec2, signal)),
    ask('listing subnets', () => listNetworks(ec2, signal)),
    ask('listing roles', () => listRoles(clients, signal)),
  ]);
  return answered({ regions, versions, instanceTypes, networks, ...roles, problems });
}

async function listInstanceTypes(ec2: EC2Client, signal: AbortSignal) {
  const types: NonNullable<CloudOptions['instanceTypes']> = [];
  const filters = [{ Name: 'bare-metal', Values: ['false'] }];
  for await (const page of paginateDescribeInstanceTypes({ client: ec2 }, { Filters: filters }, { abortSignal: signal }))
    for (const { InstanceType, VCpuInfo, MemoryInfo, ProcessorInfo } of page.InstanceTypes ?? [])
      types.push({
        name: String(InstanceType),
        cpus: VCpuInfo?.DefaultVCpus ?? 0,
        memoryGiB: (MemoryInfo?.SizeInMiB ?? 0) / 1024,
        architecture: ProcessorInfo?.SupportedArchitectures?.includes('arm64') ? 'arm64' : 'amd64',
      });
  return types.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function listNetworks(ec2: EC2Client, signal: AbortSignal) {
  const networks = new Map<string, NonNullable<CloudOptions['networks']>[number]>();
  for await (const page of paginateDescribeSubnets({ client: ec2 }, {}, { abortSignal: signal }))
    for (const { SubnetId, VpcId, AvailabilityZone, CidrBlock, Tags } of page.Subnets ?? []) {
      const id = String(VpcId);
      const network = networks.get(id) ?? { id, subnets: [] };
      const name = Tags?.find(({ Key }) => Key === 'Name')?.Value;
      const place = { zone: String(AvailabilityZone), cidr: String(CidrBlock) };
      network.subnets.push({ id: String(SubnetId), ...(name ? { name } : {}), ...place });
      networks.set(id, network);
    }
  return [...networks.values()];
}

/** Whom a role trusts tells what it is for. */
async function listRoles(clients: AwsClients, signal: AbortSignal) {
  const trusting: Record<'eks.amazonaws.com' | 'ec2.amazonaws.com', string[]> = {
    'eks.amazonaws.com': [],
    'ec2.amazonaws.com': [],
  };
  for await (const page of paginateListRoles({ client: clients.iam() }, {}, { abortSignal: signal }))
    for (const { Arn, AssumeRolePolicyDocument } of page.Roles ?? []) {
      const trust = decodeURIComponent(AssumeRolePolicyDocument ?? '');
      for (const [service, arns] of Object.entries(trusting)) if (Arn && trust.includes(`"${service}"`)) arns.push(Arn);
    }
  return { clusterRoles: trusting['eks.amazonaws.com'], nodeRoles: trusting['ec2.amazonaws.com'] };
}
