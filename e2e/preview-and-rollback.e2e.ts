import type { RunFindingView, RunObjectView, RunSummary, RunView } from '@godwit/contracts/api';
import type { RunKind } from '@godwit/contracts/run';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { TestCluster } from './support/cluster.ts';
import { contentOf, observeState } from './support/cluster-state.ts';
import { Harness } from './support/harness.ts';
import { claim, configMap, deployment, namespace, service } from './support/manifests.ts';

jest.setTimeout(400_000);

/** There on both clusters. */
const SHOP = 'e2e-v-shop';
/** Only on the source. */
const FRESH = 'e2e-v-fresh';
const BOTH = [SHOP, FRESH];
const WIDGETS = 'widgets.e2e-v.godwit.example';

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start({ name: 'preview-and-rollback', givenNamespace: true });
  await cleanUp();
  await harness.source.apply(widgetDefinition());
  await harness.source.kubectl('wait', '--for=condition=Established', `customresourcedefinition/${WIDGETS}`, '--timeout=60s');
  await harness.source.apply(
    namespace(SHOP),
    configMap(SHOP, 'shared', { from: 'source', colour: 'green' }),
    configMap(SHOP, 'same', { both: 'alike' }),
    configMap(SHOP, 'new', { from: 'source' }),
    secret(SHOP, 'password', 'of-the-source'),
    account(SHOP, 'robot', { from: 'source', more: 'source' }),
    claim(SHOP, 'data'),
    deployment(SHOP, 'web', ['data']),
    service(SHOP, 'web'),
    { apiVersion: 'e2e-v.godwit.example/v1', kind: 'Widget', metadata: { namespace: SHOP, name: 'one' }, spec: { size: 1 } },
    namespace(FRESH),
    ...Array.from({ length: 30 }, (_, n) => configMap(FRESH, `settings-${n}`, { n: String(n) })),
    claim(FRESH, 'files'),
    deployment(FRESH, 'files', ['files']),
    service(FRESH, 'files'),
  );
  await harness.dest.apply(
    namespace(SHOP, { owner: 'dest' }),
    configMap(SHOP, 'shared', { from: 'dest', kept: 'yes' }),
    configMap(SHOP, 'same', { both: 'alike' }),
    secret(SHOP, 'password', 'of-the-destination'),
    account(SHOP, 'robot', { from: 'dest' }),
    claim(SHOP, 'data'),
    deployment(SHOP, 'keeper', ['data']),
    // Its selector cannot be changed to that of the source's.
    withSelector(deployment(SHOP, 'web', []), { app: 'web', other: 'yes' }),
  );
  await Promise.all([
    harness.source.ready(SHOP, 'deployment/web'),
    harness.source.ready(FRESH, 'deployment/files'),
    harness.dest.ready(SHOP, 'deployment/keeper', 'deployment/web'),
  ]);
  await Promise.all([
    harness.source.exec(SHOP, 'deploy/web', 'echo source >/data/whose'),
    harness.source.exec(FRESH, 'deploy/files', 'head -c 2000000 /dev/urandom >/files/big'),
    harness.dest.exec(SHOP, 'deploy/keeper', 'echo dest >/data/whose'),
  ]);
});

afterAll(async () => {
  if (!harness) return;
  await cleanUp();
  await harness.stop();
});

async function cleanUp(): Promise<void> {
  await Promise.all(
    [harness.source, harness.dest].map(async (cluster) => {
      await cluster.deleteNamespaces(...BOTH);
      await cluster.kubectl('delete', 'customresourcedefinition', WIDGETS, '--ignore-not-found');
    }),
  );
}

const definition = (name: string) =>
  harness.definition(name, {
    selection: { scope: 'Namespaces', namespaces: BOTH },
    transforms: { overwriteExisting: true },
  });

const call = <T>(method: string, path: string, body?: object) => harness.api.call<T>(method, path, body);
const findings = async (run: string) => (await call<{ items: RunFindingView[] }>('GET', `/runs/${run}/findings`)).items;
const outcomes = (objects: readonly RunObjectView[]) =>
  Object.fromEntries(
    objects.map((object) => [`${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${object.name}`, object]),
  );

async function succeeded(id: string): Promise<RunView> {
  const run = await harness.api.finished(id);
  if (run.phase !== 'Succeeded') throw new Error(await harness.api.story(id));
  return run;
}

test('a preview tells what would become of each object, with differences and refusals, and changes nothing', async () => {
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { namespace: SHOP, name: 'no-services' },
    spec: { hard: { 'count/services': '0' } },
  };
  await harness.dest.apply(quota);
  await harness.dest.kubectl('wait', '--for=jsonpath={.status.hard}', 'resourcequota/no-services', '-n', SHOP, '--timeout=30s');
  try {
    const before = await observeState(harness.dest, BOTH);
    const { id } = await call<RunSummary>('POST', '/previews', definition('preview'));
    const run = await succeeded(id);
    const after = await observeState(harness.dest, BOTH);
    const versions = (state: typeof before) => [...state].map(([key, { metadata }]) => [key, metadata.resourceVersion]).sort();
    expect(versions(after)).toEqual(versions(before));

    expect(run).toMatchObject({ kind: 'Preview' satisfies RunKind });
    const planned = outcomes(await harness.api.objects(id));
    const shown = (name: string) => [planned[name]?.outcome, planned[name]?.reason];
    expect(planned[`ConfigMap ${SHOP}/shared`]).toMatchObject({
      outcome: 'Updated',
      changes: expect.arrayContaining([
        { path: '/data/from', before: 'dest', after: 'source' },
        { path: '/data/colour', after: 'green' },
      ]),
    });
    expect(shown(`ConfigMap ${SHOP}/same`)).toEqual(['Unchanged', undefined]);
    expect(shown(`ConfigMap ${SHOP}/new`)).toEqual(['Created', undefined]);
    expect(shown(`ConfigMap ${FRESH}/settings-7`)).toEqual(['Created', undefined]);
    expect(planned[`ServiceAccount ${SHOP}/robot`]).toMatchObject({
      outcome: 'Merged',
      changes: [{ path: '/metadata/labels/more', after: 'source' }],
    });
    const password = planned[`Secret ${SHOP}/password`];
    expect(password?.outcome).toBe('Updated');
    expect(password?.changes?.map(({ path }) => path)).toContain('/data/password');
    for (const value of ['of-the-source', 'of-the-destination']) {
      expect(JSON.stringify(password)).not.toContain(Buffer.from(value).toString('base64'));
    }
    expect(shown(`Deployment ${SHOP}/web`)).toEqual(['Warned', expect.stringContaining('immutable')]);
    expect(shown(`Service ${SHOP}/web`)).toEqual(['Failed', expect.stringContaining('exceeded quota')]);
    expect(shown(`Service ${FRESH}/files`)).toEqual(['Created', undefined]);
    expect(planned[`CustomResourceDefinition ${WIDGETS}`]).toMatchObject({
      outcome: 'Created',
      includedBecause: expect.any(String),
    });
    expect(shown(`Widget ${SHOP}/one`)).toEqual(['Created', expect.stringContaining('CustomResourceDefinition comes along')]);
    expect(await findings(id)).toContainEqual(expect.objectContaining({ reason: 'NotTried', object: `Namespace ${FRESH}` }));

    const files = run.volumes.find(({ name }) => name === 'files');
    expect(files?.estimatedSeconds).toBeGreaterThan(0);
    expect(run.estimate).toMatchObject({ bytes: files?.capacityBytes, basis: expect.stringContaining('assumed 40 MB/s') });
    expect(await harness.leftovers(id)).toEqual([]);
  } finally {
    await harness.dest.kubectl('delete', 'resourcequota', 'no-services', '-n', SHOP);
  }
});

test('a rollback gives back what was there before, goes on when it is killed in its middle, and is done once', async () => {
  const before = await observeState(harness.dest, BOTH);
  const run = await harness.migrate(definition('to take back'));
  const applied = outcomes(await harness.api.objects(run.id));
  expect(applied[`ConfigMap ${SHOP}/shared`]?.outcome).toBe('Updated');
  expect(applied[`ServiceAccount ${SHOP}/robot`]?.outcome).toBe('Merged');
  expect((await harness.dest.get('configmap', SHOP, 'shared')).data).toMatchObject({ from: 'source' });
  await harness.dest.ready(FRESH, 'deployment/files');

  const { id } = await call<RunSummary>('POST', `/runs/${run.id}/rollback`);
  await harness.api.until(id, ({ steps }) => steps.some(({ name, state }) => name === 'roll-back' && state === 'Running'));
  harness.stack.kill('restore-service', 'SIGKILL');
  const rollback = await succeeded(id);
  expect(rollback).toMatchObject({ kind: 'Rollback', rollbackOf: run.id });
  expect(harness.stack.restarts('restore-service')).toBe(1);

  const after = await observeState(harness.dest, BOTH);
  const contents = (state: typeof before) =>
    Object.fromEntries(
      [...state].filter(([key]) => !/^(Endpoints|EndpointSlice)/.test(key)).map(([key, object]) => [key, contentOf(object)]),
    );
  expect(contents(after)).toEqual(contents(before));
  expect(JSON.stringify([...after.values()].map(({ metadata }) => metadata.labels))).not.toContain(run.id);
  expect(await harness.dest.exec(SHOP, 'deploy/keeper', 'cat /data/whose')).toBe('dest\n');

  const taken = outcomes(await harness.api.objects(id));
  for (const [name, { outcome }] of Object.entries(applied)) {
    const expected = { Created: 'Deleted', Updated: 'Restored', Merged: 'Restored' }[outcome as string];
    expect([name, taken[name]?.outcome]).toEqual([name, expected]);
  }
  const log = await harness.api.log(id);
  expect(log.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^Rolled back: \d+ objects deleted, .*1 claim went/),
  );
  expect(await harness.leftovers(id)).toEqual([]);
  await expect(call('POST', `/runs/${run.id}/rollback`)).rejects.toThrow(/409.*rolled back already/);
  // The source is as it was.
  expect(await harness.source.exec(SHOP, 'deploy/web', 'cat /data/whose')).toBe('source\n');
});

test('what others have changed or added since is left, and it is said', async () => {
  const atSource = await volumeOf(harness.source);
  await setPolicy(harness.source, atSource, 'Retain');
  const run = await harness.migrate(definition('to keep some of'));
  await setPolicy(harness.source, atSource, 'Delete');
  const moved = await volumeOf(harness.dest);
  await harness.dest.apply(configMap(FRESH, 'notes', { of: 'somebody' }));
  await harness.dest.kubectl('patch', 'configmap', 'shared', '-n', SHOP, '--type=merge', '-p', '{"data":{"from":"somebody"}}');
  await harness.dest.kubectl('label', 'configmap', 'new', '-n', SHOP, 'godwit.io/run-');
  await harness.dest.kubectl('label', 'configmap', 'settings-3', '-n', FRESH, 'changed=by-somebody');
  await harness.dest.apply({
    apiVersion: 'e2e-v.godwit.example/v1',
    kind: 'Widget',
    metadata: { namespace: SHOP, name: 'theirs' },
    spec: { size: 2 },
  });

  const { id } = await call<RunSummary>('POST', `/runs/${run.id}/rollback`);
  await succeeded(id);
  const taken = outcomes(await harness.api.objects(id));
  const shown = (name: string) => [taken[name]?.outcome, taken[name]?.reason];
  expect(shown(`Namespace ${FRESH}`)).toEqual(['Skipped', expect.stringContaining('ConfigMap notes')]);
  expect(shown(`ConfigMap ${SHOP}/shared`)).toEqual(['Skipped', expect.stringContaining('changed since the run, by kubectl')]);
  expect(shown(`ConfigMap ${SHOP}/new`)).toEqual(['Skipped', expect.stringContaining('label of the run')]);
  expect(shown(`CustomResourceDefinition ${WIDGETS}`)).toEqual(['Skipped', expect.stringContaining(`Widget ${SHOP}/theirs`)]);
  expect(shown(`ConfigMap ${FRESH}/settings-3`)).toEqual(['Deleted', undefined]);
  expect(shown(`Widget ${SHOP}/one`)).toEqual(['Deleted', undefined]);

  const left = await harness.dest.list('configmaps,deployments,services,persistentvolumeclaims', '-n', FRESH);
  expect(left).toEqual([`ConfigMap ${FRESH}/kube-root-ca.crt`, `ConfigMap ${FRESH}/notes`]);
  expect((await harness.dest.get('configmap', SHOP, 'shared')).data).toMatchObject({ from: 'somebody' });
  const found = await findings(id);
  expect(found).toContainEqual(expect.objectContaining({ reason: 'VolumeKept', object: `PersistentVolume ${moved}` }));
  await harness.dest.kubectl('wait', '--for=jsonpath={.status.phase}=Released', `persistentvolume/${moved}`, '--timeout=30s');
  await setPolicy(harness.dest, moved, 'Delete');
  await harness.dest.kubectl('wait', '--for=delete', `persistentvolume/${moved}`, '--timeout=60s');
  const told = found.filter(({ reason }) => reason === 'LeftByRollback').map(({ object }) => object);
  expect(told.toSorted()).toEqual(
    [`ConfigMap ${SHOP}/new`, `ConfigMap ${SHOP}/shared`, `CustomResourceDefinition ${WIDGETS}`, `Namespace ${FRESH}`].sort(),
  );
});

/** Name of the volume behind the claim that only the source had. */
async function volumeOf(cluster: TestCluster): Promise<string> {
  const { spec } = await cluster.get('persistentvolumeclaim', FRESH, 'files');
  return (spec as { volumeName: string }).volumeName;
}

async function setPolicy(
  cluster: TestCluster,
  volume: string,
  persistentVolumeReclaimPolicy: 'Delete' | 'Retain',
): Promise<void> {
  const patch = JSON.stringify({ spec: { persistentVolumeReclaimPolicy } });
  await cluster.kubectl('patch', 'persistentvolume', volume, '--type=merge', '-p', patch);
}

function secret(ns: string, name: string, password: string) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: ns, name }, stringData: { password } };
}

function account(ns: string, name: string, labels: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: ns, name, labels } };
}

function withSelector(workload: ReturnType<typeof deployment>, labels: Record<string, string>): object {
  const template = { ...workload.spec.template, metadata: { labels } };
  return { ...workload, spec: { ...workload.spec, selector: { matchLabels: labels }, template } };
}

function widgetDefinition(): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: WIDGETS },
    spec: {
      group: 'e2e-v.godwit.example',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}
