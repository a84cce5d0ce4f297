import {
  DescribeClusterCommand,
  EKSClient,
  type EKSClientConfig,
  ListClustersCommand,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { AwsCredentials } from '@godwit/contracts/cloud-accounts';
import { EksDestination } from '@godwit/contracts/destination';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { Faults } from '../../../../tools/testing/clouds/faults.ts';
import { USUAL_PACE } from '../cluster-provider.ts';
import { describeProvider } from '../testing/provider-conformance.ts';
import { AwsClients } from './aws-clients.ts';
import { EksProvider } from './eks-provider.ts';
import { volumeRoleName } from './eks-tags.ts';

const NAME = 'godwit-conformance';
const CREATION = /^POST \/clusters$/;
/** One more than it takes to ask for a cluster, and to hear of it. */
const MOST_DEATHS = 6;
const ORGANISATION = 'conformance';
const LONG_MS = 12 * 60 * 60_000;

jest.setTimeout(LONG_MS);

const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
const { GODWIT_CONFORMANCE_REGION = 'eu-central-1', GODWIT_CONFORMANCE_SUBNETS = '' } = process.env;
const { GODWIT_CONFORMANCE_CLUSTER_ROLE, GODWIT_CONFORMANCE_NODE_ROLE } = process.env;
const account = AwsCredentials.parse({
  provider: 'AWS',
  accessKeyId: AWS_ACCESS_KEY_ID,
  secretAccessKey: AWS_SECRET_ACCESS_KEY,
  ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
});
const { signal } = new AbortController();
const faults = new Faults();
/** See what there is, without faults. */
const clients = new AwsClients(account, ORGANISATION);
const eks: EKSClient = clients.eks(GODWIT_CONFORMANCE_REGION);
const iam: IAMClient = clients.iam();
const provider = new EksProvider(account, ORGANISATION, USUAL_PACE, faultyHandler());
let destination: EksDestination;

function faultyHandler(): NonNullable<EKSClientConfig['requestHandler']> {
  const real = eks.config.requestHandler;
  const handle: (typeof real)['handle'] = async (request, options) => {
    const answer = await faults.pass(
      `${request.method} ${request.path}`,
      () => real.handle(request, options),
      (statusCode, body) => ({
        response: {
          statusCode,
          headers: { 'content-type': 'application/json', 'x-amzn-errortype': JSON.parse(body).__type },
          body: Buffer.from(body),
        },
      }),
    );
    if (answer) return answer;
    throw Object.assign(new Error('nobody hears of it'), { name: 'AbortError' });
  };
  return { handle, metadata: real.metadata } as NonNullable<EKSClientConfig['requestHandler']>;
}

beforeAll(async () => {
  const { versions, problems } = await provider.listOptions(GODWIT_CONFORMANCE_REGION, signal);
  if (!versions?.[0]) throw new Error(`EKS offers no versions in ${GODWIT_CONFORMANCE_REGION}: ${JSON.stringify(problems)}`);
  destination = EksDestination.parse({
    type: 'EKS',
    cloudAccountId: '00000000-0000-4000-8000-000000000001',
    name: NAME,
    region: GODWIT_CONFORMANCE_REGION,
    version: versions[0],
    subnetIds: GODWIT_CONFORMANCE_SUBNETS.split(','),
    clusterRoleArn: GODWIT_CONFORMANCE_CLUSTER_ROLE,
    nodeRoleArn: GODWIT_CONFORMANCE_NODE_ROLE,
    nodePools: [{ name: 'workers', instanceTypes: ['t3.medium'], nodes: 1, minNodes: 1, maxNodes: 1, diskGiB: 20 }],
  });
});

afterAll(async () => {
  if (destination) await reset();
  clients.close();
});

async function isThere(): Promise<boolean> {
  const { clusters = [] } = await eks.send(new ListClustersCommand({}));
  return clusters.includes(NAME);
}

async function inventory(): Promise<string[]> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
  const ours = Roles.filter(({ RoleName }) => RoleName?.startsWith(volumeRoleName(''))).map(({ RoleName }) => `role ${RoleName}`);
  if (!(await isThere())) return ours.sort();
  const { nodegroups = [] } = await eks.send(new ListNodegroupsCommand({ clusterName: NAME }));
  return [`cluster ${NAME}`, ...nodegroups.map((name) => `node group ${NAME}/${name}`), ...ours].sort();
}

/** Deletes what any run of this left, also an earlier one that was killed. */
async function reset(): Promise<void> {
  faults.forget();
  if (!(await isThere())) return;
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: NAME }));
  const runId = cluster?.tags?.[RUN_LABEL];
  if (!runId) throw new Error(`a cluster ${NAME} is there that was not made by this`);
  await provider.deleteCluster(runId, destination, { signal, observe: () => {} });
}

describeProvider('the real EKS', () => ({
  provider: provider as never,
  destination: () => destination,
  reset,
  inventory,
  complete: (runId, name) => [`cluster ${name}`, `node group ${name}/workers`, `role ${volumeRoleName(runId)}`].sort(),
  creations: () => faults.seen.filter((request) => CREATION.test(request)),
  killAfter: (requests, onKill) => faults.killAfter(requests, onKill),
  revive: () => faults.revive(),
  mostDeaths: MOST_DEATHS,
  refuseForQuota: (message) => faults.refuse(CREATION, 400, { __type: 'ResourceLimitExceededException', message }),
}));
