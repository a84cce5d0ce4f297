import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient, ListClustersCommand, ListNodegroupsCommand } from '@aws-sdk/client-eks';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { EksDestination } from '@godwit/contracts/destination';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { AwsEmulator } from '../../../../tools/testing/clouds/aws-emulator.ts';
import { describeProvider } from '../testing/provider-conformance.ts';
import { NEEDED_ACTIONS } from './check-aws-account.ts';
import { EksProvider } from './eks-provider.ts';

jest.setTimeout(300_000);

const REGION = 'eu-central-1';
const KEYS = { accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'secret' };
const signal = new AbortController().signal;

let emulator: AwsEmulator;
let provider: EksProvider;
let destination: EksDestination;
let endpointBefore: string | undefined;

beforeAll(async () => {
  emulator = await AwsEmulator.start();
  endpointBefore = process.env.AWS_ENDPOINT_URL;
  process.env.AWS_ENDPOINT_URL = emulator.endpoint;
  provider = new EksProvider({ provider: 'AWS', ...KEYS }, 'organisation', { pollMs: 1, timeoutMs: 120_000 });
  destination = await aDestination();
});
afterAll(async () => {
  if (endpointBefore === undefined) delete process.env.AWS_ENDPOINT_URL;
  else process.env.AWS_ENDPOINT_URL = endpointBefore;
  await emulator?.stop();
});

/** In the network that moto has from the start. */
async function aDestination(): Promise<EksDestination> {
  const ec2 = new EC2Client({ region: REGION, credentials: KEYS });
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  return EksDestination.parse({
    type: 'EKS',
    cloudAccountId: '00000000-0000-4000-8000-000000000001',
    name: 'made',
    region: REGION,
    version: '1.34',
    subnetIds: Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId),
    clusterRoleArn: 'arn:aws:iam::123456789012:role/cluster',
    nodeRoleArn: 'arn:aws:iam::123456789012:role/nodes',
    nodePools: [{ name: 'workers', instanceTypes: ['m6i.large'] }],
  });
}

async function inventory(): Promise<string[]> {
  const [eks, iam] = [new EKSClient({ region: REGION, credentials: KEYS }), new IAMClient({ region: REGION, credentials: KEYS })];
  const { clusters = [] } = await eks.send(new ListClustersCommand({}));
  const pools = await Promise.all(
    clusters.map(async (clusterName) =>
      (await eks.send(new ListNodegroupsCommand({ clusterName }))).nodegroups!.map((name) => `node group ${clusterName}/${name}`),
    ),
  );
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const ours = Roles.filter(({ RoleName }) => RoleName?.startsWith('godwit-'));
  return [
    ...clusters.map((name) => `cluster ${name}`),
    ...pools.flat(),
    ...ours.map(({ RoleName }) => `role ${RoleName}`),
    ...emulator.addonNames().map((name) => `add-on ${name}`),
  ].sort();
}

describeProvider('EKS', () => ({
  provider: provider as never,
  destination: () => destination,
  async reset() {
    await emulator.reset();
    // Its network is another one each time.
    destination = await aDestination();
    emulator.seen.length = 0;
  },
  inventory,
  complete: (runId, name) =>
    [
      `cluster ${name}`,
      `node group ${name}/workers`,
      `role godwit-ebs-${runId}`,
      ...['aws-ebs-csi-driver', 'eks-pod-identity-agent', 'snapshot-controller'].map((addon) => `add-on ${name}/${addon}`),
    ].sort(),
  creations: () => emulator.seen.filter((request) => request.includes(' Create')),
  killAfter: (requests, onKill) => emulator.killAfter(requests, onKill),
  revive: () => emulator.revive(),
  refuseForQuota: (message) =>
    emulator.refuse({ operation: 'CreateCluster', status: 400, code: 'ResourceLimitExceededException', message }),
}));

test('every request was one that the published models of EKS, EC2, IAM and STS describe', () => {
  expect(emulator.wrong).toEqual([]);
});

test('an account tells who it is, and exactly which permissions are missing', async () => {
  await emulator.reset();
  expect(await provider.checkAccount(signal)).toMatchObject({ state: 'Ready', missingPermissions: [] });
  emulator.denied = ['eks:CreateCluster', 'iam:PassRole'];
  const status = await provider.checkAccount(signal);
  expect(status).toMatchObject({ state: 'Failed', missingPermissions: ['eks:CreateCluster', 'iam:PassRole'] });
  expect(status.identity).toMatch(/^arn:aws:/);
  expect(NEEDED_ACTIONS).toEqual(expect.arrayContaining(emulator.denied));
});

test('leave to pass some roles only is no failure: it is not known which will be chosen', async () => {
  await emulator.reset();
  emulator.denied = ['iam:PassRole'];
  const status = await provider.checkAccount(signal);
  expect(status).toMatchObject({
    state: 'Ready',
    problem: { severity: 'warning', message: expect.stringContaining('iam:PassRole') },
  });
  const asked = emulator.queries.filter(({ name }) => name === 'IAM SimulatePrincipalPolicy').map(({ parameters }) => parameters);
  const ofRole = asked.find((parameters) => [...parameters.values()].includes('iam:CreateRole'))!;
  expect(ofRole.get('ResourceArns.member.1')).toMatch(/^arn:aws:iam::123456789012:role\/godwit-ebs-/);
  expect(asked.flatMap((parameters) => [...parameters.values()])).toEqual(expect.arrayContaining([...NEEDED_ACTIONS]));
});

test('permissions that may not be asked for are not claimed to be there', async () => {
  await emulator.reset();
  emulator.refuse({ operation: 'SimulatePrincipalPolicy', status: 403, code: 'AccessDenied', message: 'not you' });
  expect(await provider.checkAccount(signal)).toMatchObject({ state: 'Ready', problem: { reason: 'PermissionsUnknown' } });
});

test('credentials that AWS refuses are told as such', async () => {
  await emulator.reset();
  const message = 'The security token included in the request is invalid';
  emulator.refuse({ operation: 'GetCallerIdentity', status: 403, code: 'InvalidClientTokenId', message });
  await expect(provider.checkAccount(signal)).rejects.toMatchObject({ kind: 'fatal', reason: 'CredentialsRefused' });
});

test('a destination is held against what the account offers', async () => {
  await emulator.reset();
  destination = await aDestination();
  expect(await provider.validate(destination, signal)).toEqual([]);
  const [subnet, other] = destination.subnetIds as [string, string];
  const [pool] = destination.nodePools;
  const unfit = {
    ...destination,
    version: '1.19',
    subnetIds: [subnet, 'subnet-00000000'],
    nodePools: [{ ...pool!, instanceTypes: ['m6i.large', 'm7g.large', 'z99.nano'] }],
  };
  expect((await provider.validate(unfit, signal)).map(({ path }) => path)).toEqual([
    ['subnetIds', 1],
    ['version'],
    ['nodePools', 0, 'instanceTypes'],
    ['nodePools', 0, 'instanceTypes'],
  ]);
  expect(other).toBeDefined();
});

test('roles that are not there, of another account, or that trust somebody else are refused at their fields', async () => {
  await emulator.reset();
  destination = await aDestination();
  const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
  const other = 'arn:aws:iam::210987654321:role/nodes';
  const wrongOf = async (roles: object) => provider.validate({ ...destination, ...roles }, signal);
  expect(await wrongOf({ clusterRoleArn: role('nodes'), nodeRoleArn: role('none') })).toEqual([
    { path: ['clusterRoleArn'], message: 'does not trust eks.amazonaws.com, which has to act as it' },
    { path: ['nodeRoleArn'], message: 'is not a role of the account' },
  ]);
  expect(await wrongOf({ nodeRoleArn: other, volumeRoleArn: role('cluster') })).toEqual([
    { path: ['nodeRoleArn'], message: 'is of another AWS account than the credentials, which are of 123456789012' },
    { path: ['volumeRoleArn'], message: 'does not trust pods.eks.amazonaws.com, which has to act as it' },
  ]);
  emulator.refuse({ operation: 'GetRole', status: 403, code: 'AccessDenied', message: 'not you' });
  expect(await wrongOf({ nodeRoleArn: role('none') })).toEqual([]);
});

test('a cluster of another AWS account is not taken for one that is gone', async () => {
  await emulator.reset();
  const elsewhere = { ...destination, clusterRoleArn: 'arn:aws:iam::210987654321:role/cluster' };
  const deletion = provider.deleteCluster('00000000-0000-4000-8000-0000000000ab', elsewhere, { signal, observe: () => {} });
  await expect(deletion).rejects.toMatchObject({ kind: 'fatal', reason: 'WrongAwsAccount' });
});

test('a role that IAM does not know everywhere yet, and add-ons that are degraded while they start, are waited for', async () => {
  await emulator.reset();
  destination = await aDestination();
  emulator.refuse({ operation: 'AttachRolePolicy', status: 404, code: 'NoSuchEntity', message: 'not found', times: 2 });
  emulator.degradedAddons = 2;
  const states: string[] = [];
  const runId = '00000000-0000-4000-8000-0000000000ac';
  await provider.ensureCluster(runId, destination, { signal, observe: ({ state }) => void states.push(state) });
  expect(states).toContainEqual(expect.stringMatching(/^DEGRADED, InsufficientNumberOfReplicas: /));
  expect(await inventory()).toContain('add-on made/aws-ebs-csi-driver');
});

test('permissions that EKS itself misses are told as such', async () => {
  await emulator.reset();
  destination = await aDestination();
  const message = 'Failed to create service linked role due to missing permissions for "iam:CreateServiceLinkedRole"';
  emulator.refuse({ operation: 'CreateNodegroup', status: 400, code: 'InvalidRequestException', message });
  const creation = provider.ensureCluster('00000000-0000-4000-8000-0000000000ad', destination, { signal, observe: () => {} });
  await expect(creation).rejects.toMatchObject({ kind: 'fatal', reason: 'PermissionMissing' });
});

test('there is something to choose from', async () => {
  const options = await provider.listOptions(REGION, signal);
  expect(options.problems).toEqual([]);
  expect(options.regions).toContain(REGION);
  expect(options.versions).toContain('1.34');
  expect(options.instanceTypes).toContainEqual({ name: 'm6i.large', cpus: 2, memoryGiB: 8, architecture: 'amd64' });
  expect(options.networks![0]!.subnets.map(({ id }) => id)).toEqual(expect.arrayContaining(destination.subnetIds));
});

test('versions that may not be listed are told where one chooses, and do not stand in the way of a destination', async () => {
  const denied = {
    operation: 'DescribeClusterVersions',
    status: 403,
    code: 'AccessDeniedException',
    message: 'not authorized to perform: eks:DescribeClusterVersions',
    times: 2,
  };
  emulator.refuse(denied);
  const { versions, problems } = await provider.listOptions(REGION, signal);
  expect(versions).toBeUndefined();
  expect(problems).toEqual([
    expect.objectContaining({
      severity: 'warning',
      reason: 'PermissionMissing',
      message: expect.stringContaining('eks:DescribeClusterVersions'),
    }),
  ]);
  expect(await provider.validate(destination, signal)).toEqual([]);
});

test('a moment in which AWS is too busy costs nothing', async () => {
  await emulator.reset();
  destination = await aDestination();
  emulator.refuse({ operation: 'CreateCluster', status: 429, code: 'TooManyRequestsException', message: 'slower', times: 2 });
  const runId = '00000000-0000-4000-8000-0000000000aa';
  await provider.ensureCluster(runId, destination, { signal, observe: () => {} });
  expect(await inventory()).toContain('cluster made');
});

const ROLE = 'arn:aws:iam::123456789012:role/godwit';

/** What was asked by whom as an account that assumes a role. */
async function asRole(account: object, organisationId = 'organisation') {
  await emulator.reset();
  const assuming = new EksProvider({ provider: 'AWS', roleArn: ROLE, ...account }, organisationId, {
    pollMs: 1,
    timeoutMs: 1_000,
  });
  const status = await assuming.checkAccount(signal);
  const [first] = emulator.queries;
  expect(first).toMatchObject({ name: 'STS AssumeRole' });
  const others = emulator.queries.filter(({ name }) => name !== 'STS AssumeRole');
  expect(first!.parameters.get('RoleArn')).toBe(ROLE);
  expect(others.map(({ name }) => name)).toContain('STS GetCallerIdentity');
  // By the credentials of the role alone: those that were given for a while begin so.
  for (const { accessKeyId } of others) expect(accessKeyId).toMatch(/^ASIA/);
  expect(status.identity).toMatch(/:assumed-role\/godwit\//);
  return { by: first!.accessKeyId, externalId: first!.parameters.get('ExternalId') };
}

test('a role is assumed by the keys of the account, with the external id that its owner asks for', async () => {
  expect(await asRole({ ...KEYS, externalId: 'theirs' })).toEqual({ by: KEYS.accessKeyId, externalId: 'theirs' });
  expect(await asRole(KEYS)).toEqual({ by: KEYS.accessKeyId, externalId: null });
});

test('a role alone is assumed by this service itself, with an external id that the tenant cannot choose', async () => {
  const before = { ...process.env };
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAOFTHISSERVICE000', AWS_SECRET_ACCESS_KEY: 'own' });
  try {
    const { by, externalId } = await asRole({ externalId: 'of another tenant' }, 'this-organisation');
    expect({ by, externalId }).toEqual({ by: 'AKIAOFTHISSERVICE000', externalId: 'this-organisation' });
  } finally {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  }
});
