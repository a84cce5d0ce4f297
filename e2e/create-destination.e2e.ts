import type { CloudAccountView, ClusterView, TestedCloudAccount } from '@godwit/contracts/api';
import type { CloudOptions } from '@godwit/contracts/calls';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { TestCluster } from './support/cluster.ts';
import { AWS_KEYS, EKS_REGION, EmulatedEks } from './support/eks.ts';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(300_000);

const NS = 'e2e-created';
const CLUSTER = 'made';

let eks: EmulatedEks;
let harness: Harness;
let destination: object;

beforeAll(async () => {
  eks = await EmulatedEks.start(CLUSTER, new TestCluster('dest').kubeconfig);
  harness = await Harness.start({ name: 'create-destination', env: { AWS_ENDPOINT_URL: eks.aws.endpoint } });
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(NS)));
  await harness.source.apply(
    namespace(NS),
    configMap(NS, 'settings', { a: 'b' }),
    claim(NS, 'data'),
    deployment(NS, 'web', ['data']),
  );
  await harness.source.ready(NS, 'deployment/web');
  await harness.source.exec(NS, 'deploy/web', 'echo kept >/data/id');
  destination = await registerAccount();
});

afterAll(async () => {
  if (harness) {
    await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(NS)));
    await harness.stop();
  }
  await eks?.stop();
});

/** @returns a cluster that is to be created, from what the account offers */
async function registerAccount(): Promise<object> {
  const credentials = { provider: 'AWS', ...AWS_KEYS };
  const account: TestedCloudAccount = await harness.api.call('POST', '/cloud-accounts', { name: 'aws', credentials });
  expect(account.status).toMatchObject({ state: 'Ready', missingPermissions: [] });
  const path = `/cloud-accounts/${(account as CloudAccountView).id}/options?region=${EKS_REGION}`;
  const { networks, versions }: CloudOptions = await harness.api.call('GET', path);
  return {
    type: 'EKS',
    cloudAccountId: account.id,
    name: CLUSTER,
    region: EKS_REGION,
    version: versions![0],
    subnetIds: networks![0]!.subnets.slice(0, 2).map(({ id }) => id),
    clusterRoleArn: 'arn:aws:iam::123456789012:role/cluster',
    nodeRoleArn: 'arn:aws:iam::123456789012:role/nodes',
    nodePools: [{ name: 'workers', instanceTypes: ['m6i.large'] }],
  };
}

const definition = (name: string) => ({
  ...harness.definition(name, { selection: { scope: 'Namespaces', namespaces: [NS] } }),
  destination,
});
const clusters = async () => (await harness.api.call<{ items: ClusterView[] }>('GET', '/clusters')).items;
const left = async () => [...(await eks.aws.clusterNames(EKS_REGION)), ...eks.aws.addonNames()];

test('an application moves into a cluster that is created for it, and goes with it by a rollback', async () => {
  const id = await harness.start(definition('create'));
  // Its worker dies in the middle: whoever takes over makes no second one.
  await harness.api.until(id, () => eks.aws.seen.includes('EKS CreateNodegroup'));
  harness.stack.kill('provisioner-service', 'SIGKILL');
  const run = await harness.api.finished(id, 240_000);
  if (run.phase !== 'Succeeded') throw new Error(await harness.api.story(id));
  expect(eks.aws.seen.filter((request) => request === 'EKS CreateCluster')).toHaveLength(1);
  expect([eks.aws.wrong, eks.api.refused]).toEqual([[], []]);
  expect(run.destinationCluster).toBe(CLUSTER);
  expect(await clusters()).toContainEqual(
    expect.objectContaining({ name: CLUSTER, provider: 'EKS', server: eks.api.behind.server }),
  );
  await harness.dest.ready(NS, 'deployment/web');
  expect(await harness.dest.exec(NS, 'deploy/web', 'cat /data/id')).toBe('kept\n');
  expect(await harness.leftovers(id)).toEqual([]);
  const log = (await harness.api.log(id)).map(({ message }) => message);
  expect(log).toContainEqual(expect.stringMatching(/^EKS cluster made: CREATING/));
  expect(log.join('\n')).not.toContain(AWS_KEYS.secretAccessKey);

  const rollback: { id: string } = await harness.api.call('POST', `/runs/${id}/rollback`, { deleteCluster: true });
  const rolledBack = await harness.api.finished(rollback.id);
  if (rolledBack.phase !== 'Succeeded') throw new Error(await harness.api.story(rollback.id));
  expect(await harness.dest.list('namespaces', '--field-selector', `metadata.name=${NS}`)).toEqual([]);
  expect(await left()).toEqual([]);
  expect((await clusters()).map(({ name }) => name)).not.toContain(CLUSTER);
});
