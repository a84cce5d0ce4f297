import { DescribeInstanceTypeOfferingsCommand, DescribeSubnetsCommand, type EC2Client, type Subnet } from '@aws-sdk/client-ec2';
import { DescribeClusterVersionsCommand, type EKSClient } from '@aws-sdk/client-eks';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import type { EksDestination } from '@godwit/contracts/destination';
import type { GodwitError } from '@godwit/contracts/errors';
import type { FieldError } from '@godwit/contracts/problem-details';
import { unlessDenied } from '../unless-denied.ts';
import { amiTypeOf } from './ami-type.ts';
import type { AwsClients } from './aws-clients.ts';
import { accountNumberOf, callerOf, roleNameOf } from './aws-identity.ts';
import { unlessNotThere } from './ensure-eks-cluster.ts';
import { explainAwsError } from './explain-aws-error.ts';

/** Who has to be allowed to act as a role. In China EC2 has a name of its own. */
const TRUSTED = {
  clusterRoleArn: ['eks.amazonaws.com'],
  nodeRoleArn: ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'],
  volumeRoleArn: ['pods.eks.amazonaws.com'],
};

/** What the account does not have of what a cluster would be made from. */
export async function validateEks(clients: AwsClients, destination: EksDestination, signal: AbortSignal): Promise<FieldError[]> {
  const { region } = destination;
  const [eks, ec2] = [clients.eks(region), clients.ec2(region)];
  const [[subnets, zones, offered], versions, roles] = await Promise.all([
    describeSubnets(ec2, destination, signal).then(async (found) => {
      const inZones = [...new Set(found.flatMap(({ AvailabilityZone }) => AvailabilityZone ?? []))].sort();
      return [found, inZones, await listOffered(ec2, destination, inZones, signal)] as const;
    }),
    unlessDenied(listVersions(eks, signal), (error) => explainAwsError(error, 'listing the versions of EKS'), signal),
    checkRoles(clients, destination, signal),
  ]);
  const wrong = [...checkSubnets(destination, subnets), ...roles];
  if (versions && !versions.includes(destination.version))
    wrong.push({
      path: ['version'],
      message: `is not offered by EKS in ${region} (it offers ${versions.join(', ')})`,
    });
  const where = zones.length > 0 ? zones.join(', ') : region;
  destination.nodePools.forEach(({ instanceTypes }, index) => {
    const missing = instanceTypes.filter((type) => !offered.has(type));
    const path = ['nodePools', index, 'instanceTypes'];
    if (missing.length > 0) wrong.push({ path, message: `${missing.join(', ')} is not to be had in ${where}` });
    if (instanceTypes.some((type) => amiTypeOf([type]) !== amiTypeOf(instanceTypes)))
      wrong.push({ path, message: 'are of different architectures; make a pool for each' });
  });
  return wrong;
}

/** Roles that are not there, or that those who need them may not act as. */
async function checkRoles(clients: AwsClients, destination: EksDestination, signal: AbortSignal): Promise<FieldError[]> {
  const account = accountNumberOf(await callerOf(clients, signal));
  const checks = Object.entries(TRUSTED).map(async ([field, services]): Promise<FieldError[]> => {
    const arn = destination[field as keyof typeof TRUSTED];
    const refuse = (message: string) => [{ path: [field], message }];
    if (!arn) return [];
    if (accountNumberOf(arn) !== account)
      return refuse(`is of another AWS account than the credentials, which are of ${account}`);
    const RoleName = roleNameOf(arn);
    const asked = unlessNotThere(
      `reading IAM role ${RoleName}`,
      clients.iam().send(new GetRoleCommand({ RoleName }), { abortSignal: signal }),
    );
    const answer = await unlessDenied(
      asked.then((found) => ({ role: found?.Role })),
      (error) => error as GodwitError,
      signal,
    );
    if (!answer) return []; // The creation tells.
    if (answer.role?.Arn !== arn) return refuse('is not a role of the account');
    const trust = decodeURIComponent(answer.role.AssumeRolePolicyDocument ?? '');
    if (services.some((service) => trust.includes(`"${service}"`))) return [];
    return refuse(`does not trust ${services[0]}, which has to act as it`);
  });
  return (await Promise.all(checks)).flat();
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

/** @param zones in which nodes are to be; none: anywhere in the region */
async function listOffered(
  ec2: EC2Client,
  { nodePools }: EksDestination,
  zones: readonly string[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const Values = [...new Set(nodePools.flatMap(({ instanceTypes }) => instanceTypes))];
  const command = new DescribeInstanceTypeOfferingsCommand({
    LocationType: zones.length > 0 ? 'availability-zone' : 'region',
    Filters: [{ Name: 'instance-type', Values }, ...(zones.length > 0 ? [{ Name: 'location', Values: [...zones] }] : [])],
  });
  try {
    const { InstanceTypeOfferings } = await ec2.send(command, { abortSignal: signal });
    return new Set((InstanceTypeOfferings ?? []).flatMap(({ InstanceType }) => InstanceType ?? []));
  } catch (error) {
    throw explainAwsError(error, 'reading which instance types are to be had');
  }
}
