import { DescribeInstanceTypeOfferingsCommand, DescribeSubnetsCommand, type EC2Client, type Subnet } from '@aws-sdk/client-ec2';
import { DescribeClusterVersionsCommand, type EKSClient } from '@aws-sdk/client-eks';
import type { EksDestination } from '@godwit/contracts/destination';
import type { FieldError } from '@godwit/contracts/problem-details';
import { unlessDenied } from '../unless-denied.ts';
import { amiTypeOf } from './ami-type.ts';
import { explainAwsError } from './explain-aws-error.ts';

/** What the account does not have of what a cluster would be made from. */
export async function validateEks(
  { eks, ec2 }: { eks: EKSClient; ec2: EC2Client },
  destination: EksDestination,
  signal: AbortSignal,
): Promise<FieldError[]> {
  const [subnets, versions, offered] = await Promise.all([
    describeSubnets(ec2, destination, signal),
    unlessDenied(listVersions(eks, signal), (error) => explainAwsError(error, 'listing the versions of EKS'), signal),
    listOffered(ec2, destination, signal),
  ]);
  const wrong = checkSubnets(destination, subnets);
  if (versions && !versions.includes(destination.version))
    wrong.push({
      path: ['version'],
      message: `is not offered by EKS in ${destination.region} (it offers ${versions.join(', ')})`,
    });
  destination.nodePools.forEach(({ instanceTypes }, index) => {
    const missing = instanceTypes.filter((type) => !offered.has(type));
    const path = ['nodePools', index, 'instanceTypes'];
    if (missing.length > 0) wrong.push({ path, message: `${missing.join(', ')} is not to be had in ${destination.region}` });
    if (instanceTypes.some((type) => amiTypeOf([type]) !== amiTypeOf(instanceTypes)))
      wrong.push({ path, message: 'are of different architectures; make a pool for each' });
  });
  return wrong;
}

/** Pure: what is wrong with the subnets that a cluster is to be in. */
export function checkSubnets({ subnetIds, region }: EksDestination, found: readonly Subnet[]): FieldError[] {
  const known = new Map(found.map((subnet) => [subnet.SubnetId, subnet]));
  const missing = subnetIds.flatMap((id, index): FieldError[] =>
    known.has(id) ? [] : [{ path: ['subnetIds', index], message: `is not a subnet that the account sees in ${region}` }],
  );
  if (missing.length > 0) return missing;
  const wrong: FieldError[] = [];
  const networks = new Set(found.map(({ VpcId }) => VpcId));
  if (networks.size > 1) wrong.push({ path: ['subnetIds'], message: `are of several networks (${[...networks].join(', ')})` });
  const zones = new Set(found.map(({ AvailabilityZone }) => AvailabilityZone));
  if (zones.size < 2)
    wrong.push({ path: ['subnetIds'], message: `are all in ${[...zones].join()}; EKS needs two availability zones` });
  return wrong;
}

async function describeSubnets(ec2: EC2Client, { subnetIds }: EksDestination, signal: AbortSignal): Promise<Subnet[]> {
  // A filter, for an id that is not there would be an error for all of them.
  const command = new DescribeSubnetsCommand({ Filters: [{ Name: 'subnet-id', Values: subnetIds }] });
  try {
    return (await ec2.send(command, { abortSignal: signal })).Subnets ?? [];
  } catch (error) {
    throw explainAwsError(error, 'reading subnets');
  }
}

/** @returns the minor versions that EKS offers */
export async function listVersions(eks: EKSClient, signal: AbortSignal): Promise<string[]> {
  const { clusterVersions } = await eks.send(new DescribeClusterVersionsCommand({}), { abortSignal: signal });
  return (clusterVersions ?? []).flatMap(({ clusterVersion }) => clusterVersion ?? []);
}

async function listOffered(ec2: EC2Client, { nodePools }: EksDestination, signal: AbortSignal): Promise<Set<string>> {
  const Values = [...new Set(nodePools.flatMap(({ instanceTypes }) => instanceTypes))];
  const command = new DescribeInstanceTypeOfferingsCommand({
    LocationType: 'region',
    Filters: [{ Name: 'instance-type', Values }],
  });
  try {
    const { InstanceTypeOfferings } = await ec2.send(command, { abortSignal: signal });
    return new Set((InstanceTypeOfferings ?? []).flatMap(({ InstanceType }) => InstanceType ?? []));
  } catch (error) {
    throw explainAwsError(error, 'reading which instance types are to be had');
  }
}
