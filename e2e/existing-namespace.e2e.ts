import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(300_000);

const NAMESPACE = 'e2e-exists';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'existing-namespace', givenNamespace: true });
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(NAMESPACE)));
  await harness.source.apply(
    namespace(NAMESPACE),
    configMap(NAMESPACE, 'shared', { from: 'source' }),
    configMap(NAMESPACE, 'fresh', { from: 'source' }),
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { namespace: NAMESPACE, name: 'robot', labels: { from: 'source', more: 'source' } },
    },
    claim(NAMESPACE, 'data'),
    deployment(NAMESPACE, 'web', ['data']),
  );
  await harness.dest.apply(
    namespace(NAMESPACE, { owner: 'dest' }),
    configMap(NAMESPACE, 'shared', { from: 'dest' }),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: NAMESPACE, name: 'robot', labels: { from: 'dest' } } },
    claim(NAMESPACE, 'data'),
    deployment(NAMESPACE, 'keeper', ['data']),
  );
  await Promise.all([harness.source.ready(NAMESPACE, 'deployment/web'), harness.dest.ready(NAMESPACE, 'deployment/keeper')]);
  await harness.source.exec(NAMESPACE, 'deploy/web', 'echo source >/data/whose');
  await harness.dest.exec(NAMESPACE, 'deploy/keeper', 'echo dest >/data/whose');
});

afterAll(async () => {
  if (!harness) return;
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(NAMESPACE)));
  await harness.stop();
});

test('what the destination has stays as it is, and the run says so', async () => {
  const before = await harness.dest.get('configmap', NAMESPACE, 'shared');
  const run = await harness.migrate(
    harness.definition('exists', { selection: { scope: 'Namespaces', namespaces: [NAMESPACE] } }),
  );

  expect(await harness.dest.get('configmap', NAMESPACE, 'shared')).toEqual(before);
  expect((await harness.dest.get('namespace', '', NAMESPACE)).metadata.labels).toEqual({
    owner: 'dest',
    'kubernetes.io/metadata.name': NAMESPACE,
  });
  expect((await harness.dest.get('configmap', NAMESPACE, 'fresh')).data).toEqual({ from: 'source' });
  // Accounts are merged whatever the mode; the destination wins where both say something.
  expect((await harness.dest.get('serviceaccount', NAMESPACE, 'robot')).metadata.labels).toMatchObject({
    from: 'dest',
    more: 'source',
  });
  // Contents of existing claims are never touched.
  expect(await harness.dest.exec(NAMESPACE, 'deploy/keeper', 'cat /data/whose')).toBe('dest\n');

  const outcomes = Object.fromEntries(
    (await harness.api.objects(run.id)).map(({ kind, name, outcome }) => [`${kind} ${name}`, outcome]),
  );
  expect(outcomes).toMatchObject({
    'ConfigMap shared': 'Skipped',
    'ConfigMap fresh': 'Created',
    'PersistentVolumeClaim data': 'Skipped',
    'ServiceAccount robot': 'Merged',
    'Deployment web': 'Created',
  });
  const [volume] = run.volumes;
  expect(volume?.skipReason).toMatch(/exists on the destination/);
  expect(await harness.leftovers(run.id)).toEqual([]);
});
