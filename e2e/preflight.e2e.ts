import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(300_000);

const NAMESPACE = 'e2e-preflight';
/** An address of the test bed's network at which nothing is. */
const NOBODY = 'https://10.200.0.99:6443';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'preflight' });
  await harness.source.deleteNamespaces(NAMESPACE);
  await harness.source.apply(namespace(NAMESPACE), claim(NAMESPACE, 'data'), deployment(NAMESPACE, 'web', ['data']));
  await harness.source.ready(NAMESPACE, 'deployment/web');
});

afterAll(async () => {
  if (!harness) return;
  await harness.source.deleteNamespaces(NAMESPACE);
  await harness.stop();
});

/** Runs what must fail in preflight, and checks that nothing was touched. */
async function failIn(definition: object) {
  const run = await harness.api.finished(await harness.start(definition));
  expect(run.phase).toBe('Failed');
  expect(run.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['preflight Failed', 'cleanup Succeeded']);
  expect(await harness.dest.list('namespaces', '-l', `godwit.io/run=${run.id}`)).toEqual([]);
  expect(await harness.leftovers(run.id)).toEqual([]);
  return run.error;
}

const selection = { scope: 'Namespaces', namespaces: [NAMESPACE] };

test('a cluster that cannot be reached is found, with its address and what to do', async () => {
  const kubeconfig = harness.dest.kubeconfig.replace(/server: .*/, `server: ${NOBODY}`);
  const gone = await harness.api.registerCluster('gone', kubeconfig);
  expect(gone.status.state).toBe('Unreachable');
  const definition = {
    ...harness.definition('unreachable', { selection }),
    destination: { type: 'Registered', clusterId: gone.id },
  };
  const error = await failIn(definition);
  expect(error).toMatchObject({ reason: 'ClusterUnreachable', subject: { cluster: 'gone' } });
  expect(error?.message).toContain(NOBODY);
  expect(error?.cure).toBeTruthy();
});

test('a bucket that is not there is found, with its name and what to do', async () => {
  const { endpoint, region, accessKeyId, secretAccessKey } = harness.infrastructure.s3;
  const store = await harness.api.registerObjectStore('wrong', {
    endpoint,
    region,
    accessKeyId,
    secretAccessKey,
    bucket: 'no-such-bucket',
  });
  expect(store.status.state).toBe('Failed');
  const error = await failIn(
    harness.definition('wrong bucket', { selection, copy: { storage: { type: 'ObjectStore', objectStoreId: store.id } } }),
  );
  expect(error?.message).toContain('no-such-bucket');
  expect(error?.cure).toBeTruthy();
  expect(JSON.stringify(await harness.api.log((await lastRun()).id))).not.toContain(secretAccessKey);
});

test('credentials that are wrong are found, and not repeated', async () => {
  const { endpoint, region, accessKeyId, bucket } = harness.infrastructure.s3;
  const secretAccessKey = 'not-the-right-secret';
  const store = await harness.api.registerObjectStore('refused', { endpoint, region, accessKeyId, secretAccessKey, bucket });
  const error = await failIn(
    harness.definition('wrong credentials', { selection, copy: { storage: { type: 'ObjectStore', objectStoreId: store.id } } }),
  );
  expect(error?.reason).toBe('StoreAccessDenied');
  expect(JSON.stringify([error, store])).not.toContain(secretAccessKey);
});

test('a storage class that the destination lacks is found, with the claim and the cure', async () => {
  const error = await failIn(
    harness.definition('class', { selection, transforms: { storageClasses: { standard: 'platinum' } } }),
  );
  expect(error).toMatchObject({ reason: 'StorageClassMissing', subject: { object: `PersistentVolumeClaim ${NAMESPACE}/data` } });
  expect(error?.message).toContain('"platinum"');
});

test('a namespace that the source lacks is found', async () => {
  const error = await failIn(
    harness.definition('namespace', { selection: { scope: 'Namespaces', namespaces: ['e2e-nowhere'] } }),
  );
  expect(error?.reason).toBe('NamespaceMissing');
  expect(error?.message).toContain('e2e-nowhere');
});

test('one cluster under two names is not migrated onto itself', async () => {
  const again = await harness.api.registerCluster('source again', harness.source.kubeconfig);
  const definition = {
    ...harness.definition('onto itself', { selection }),
    destination: { type: 'Registered', clusterId: again.id },
  };
  expect((await failIn(definition))?.reason).toBe('SameCluster');
});

async function lastRun(): Promise<{ id: string }> {
  const { items } = await harness.api.call<{ items: { id: string }[] }>('GET', '/runs?limit=1');
  return items[0]!;
}
