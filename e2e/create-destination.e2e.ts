import type { ClusterView } from '@godwit/contracts/api';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { EMULATED_CLOUDS, type EmulatedCloud } from './support/clouds/emulated-cloud.ts';
import { TestCluster } from './support/cluster.ts';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(600_000);

const NS = 'e2e-created';
const CLUSTER = 'made';

let clouds: EmulatedCloud[] = [];
let harness: Harness;

beforeAll(async () => {
  const { kubeconfig } = new TestCluster('dest');
  clouds = await Promise.all(Object.values(EMULATED_CLOUDS).map((start) => start(kubeconfig)));
  const env = Object.assign({}, ...clouds.map((cloud) => cloud.env));
  harness = await Harness.start({ name: 'create-destination', env });
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(NS)));
  await harness.source.apply(
    namespace(NS),
    configMap(NS, 'settings', { a: 'b' }),
    claim(NS, 'data'),
    deployment(NS, 'web', ['data']),
  );
  await harness.source.ready(NS, 'deployment/web');
  await harness.source.exec(NS, 'deploy/web', 'echo kept >/data/id');
});

afterAll(async () => {
  if (harness) {
    await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(NS)));
    await harness.stop();
  }
  await Promise.all(clouds.map((cloud) => cloud.stop()));
});

const definition = (name: string, destination: object, copy = {}) => ({
  ...harness.definition(name, { selection: { scope: 'Namespaces', namespaces: [NS] }, copy }),
  destination,
});
const registered = async () => (await harness.api.call<{ items: ClusterView[] }>('GET', '/clusters')).items;
const reach = async (id: string, phase: string) => {
  const run = await harness.api.finished(id, 240_000);
  if (run.phase !== phase) throw new Error(await harness.api.story(id));
  return run;
};

test.each(Object.keys(EMULATED_CLOUDS))(
  'an application moves into a cluster that is created for it, and goes with it by a rollback (%s)',
  async (type) => {
    const cloud = clouds.find((other) => other.type === type)!;
    const name = `${CLUSTER}-${cloud.type.toLowerCase()}`;
    const id = await harness.start(definition(name, await cloud.destination(harness.api, name)));
    // Its worker dies in the middle: whoever takes over makes no second one.
    await harness.api.until(id, () => cloud.isHalfMade());
    harness.stack.kill('provisioner-service', 'SIGKILL');
    const run = await reach(id, 'Succeeded');
    expect(cloud.clusterCreations()).toBe(1);
    expect(cloud.wrong()).toEqual([]);
    expect(run.destinationCluster).toBe(name);
    expect(await registered()).toContainEqual(expect.objectContaining({ name, provider: cloud.type, server: cloud.server }));
    await harness.dest.ready(NS, 'deployment/web');
    expect(await harness.dest.exec(NS, 'deploy/web', 'cat /data/id')).toBe('kept\n');
    expect(await harness.leftovers(id)).toEqual([]);
    const log = (await harness.api.log(id)).map(({ message }) => message).join('\n');
    expect(log).toMatch(new RegExp(`^${cloud.type} cluster ${name}: `, 'm'));
    for (const secret of cloud.secrets) expect(log).not.toContain(secret);

    const rollback: { id: string } = await harness.api.call('POST', `/runs/${id}/rollback`, { deleteCluster: true });
    await reach(rollback.id, 'Succeeded');
    expect(await harness.dest.list('namespaces', '--field-selector', `metadata.name=${NS}`)).toEqual([]);
    expect(await cloud.left()).toEqual([]);
    expect((await registered()).map((cluster) => cluster.name)).not.toContain(name);
  },
);

/** Cancels a run into a cloud, and expects that nothing is left of it. */
async function cancel(id: string, cloud: EmulatedCloud, name: string): Promise<void> {
  await harness.api.call('POST', `/runs/${id}/cancel`);
  await reach(id, 'Cancelled');
  expect(await cloud.left()).toEqual([]);
  expect(await harness.leftovers(id)).toEqual([]);
  expect((await registered()).map((cluster) => cluster.name)).not.toContain(name);
}

test.each(Object.keys(EMULATED_CLOUDS))(
  'a run that is cancelled while its destination is created leaves nothing (%s)',
  async (type) => {
    const cloud = clouds.find((other) => other.type === type)!;
    const name = `${CLUSTER}-unfinished-${cloud.type.toLowerCase()}`;
    cloud.forgetRequests();
    const id = await harness.start(definition(name, await cloud.destination(harness.api, name)));
    await harness.api.until(id, () => cloud.isHalfMade());
    await cancel(id, cloud, name);
  },
);

test('a run that is cancelled while data is on its way into a created cluster leaves nothing', async () => {
  const cloud = clouds[0]!;
  const name = `${CLUSTER}-half-filled`;
  await harness.source.exec(NS, 'deploy/web', 'head -c 8000000 /dev/urandom >/data/much');
  // So slowly that it is not done before it is cancelled.
  const slowly = { maxSpeedPerStreamMBps: 0.1 };
  const id = await harness.start(definition(name, await cloud.destination(harness.api, name), slowly));
  await harness.api.until(id, ({ steps }) => steps.some((step) => step.name === 'restore-volume' && step.state === 'Running'));
  await cancel(id, cloud, name);
});
