import { randomBytes } from 'node:crypto';
import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject, OwnerReference } from '@godwit/contracts/kubernetes-object';
import { RUN_LABEL } from '@godwit/contracts/labels';
import { RestoreTransforms } from '@godwit/contracts/migration-definition';
import { PrismaService } from '@godwit/db/prisma.service';
import { type RunObject, RunObjectStore } from '@godwit/db/run-object-store';
import { discover } from '@godwit/kube/discovery';
import { KubeClient } from '@godwit/kube/kube-client';
import { checkKubeconfig } from '@godwit/kube/kubeconfig';
import { Sealer } from '@godwit/service-kit/sealer';
import { applyTier } from '@godwit/transforms/apply-tiers';
import { transformContext } from '@godwit/transforms/transform-context';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { applyCaptured } from '../apps/restore-service/src/apply/apply-captured.ts';
import { Outcomes } from '../apps/restore-service/src/apply/outcomes.ts';
import { Story } from '../apps/restore-service/src/apply/story.ts';
import { type Infrastructure, startInfrastructure } from '../tools/infra/start-infrastructure.ts';
import { createTestRun } from '../tools/testing/test-run.ts';
import { TestCluster } from './support/cluster.ts';
import { KilledClient } from './support/killed-client.ts';
import { configMap, namespace } from './support/manifests.ts';

jest.setTimeout(300_000);

const NAMESPACE = 'e2e-apply-objects';
const OTHERS = 'e2e-apply-others';
const DEFINITION = 'birds.apply.e2e.godwit.io';
const noSignal = new AbortController().signal;

const dest = new TestCluster('dest');
let infrastructure: Infrastructure;
let prisma: PrismaService;
let store: RunObjectStore;
let client: KubeClient;

beforeAll(async () => {
  infrastructure = await startInfrastructure({ isolated: true });
  prisma = new PrismaService(infrastructure.databaseUrl);
  store = new RunObjectStore(prisma, new Sealer(randomBytes(32)));
  client = new KubeClient(kubeconfig(), 'dest');
  await sweep();
  await dest.apply(namespace(NAMESPACE), namespace(OTHERS));
});

afterAll(async () => {
  await sweep();
  await client?.close();
  await prisma?.$disconnect();
  await infrastructure?.stop();
});

test('what an earlier run created is overwritten as a whole; what others added stays', async () => {
  const first = await apply([config('settings', { kept: '1', removed: '1' }, { labels: { old: 'yes' } })]);
  await dest.kubectl('patch', 'configmap', 'settings', '-n', NAMESPACE, '--type=merge', '-p', '{"data":{"others":"1"}}');
  const second = await apply([config('settings', { kept: '2' })], { overwriteExisting: true });

  const { data, metadata } = await dest.get<KubernetesObject>('configmap', NAMESPACE, 'settings');
  expect(data).toEqual({ kept: '2', others: '1' });
  // Whose it is does not change: a rollback of the first run takes it away, one of the second puts it back.
  expect(metadata.labels).toEqual({ [RUN_LABEL]: first.runId });
  const [updated] = second.objects;
  expect(updated).toMatchObject({ kind: 'ConfigMap', name: 'settings', outcome: 'Updated' });
  expect(updated!.changes).toEqual(
    expect.arrayContaining([
      { path: '/data/kept', before: '1', after: '2' },
      { path: '/data/removed', before: '1' },
    ]),
  );
  expect(await store.previous(second.runId, updated!)).toMatchObject({ data: { kept: '1', removed: '1', others: '1' } });

  const third = await apply([config('settings', { kept: '2' })], { overwriteExisting: true });
  expect(third.objects).toMatchObject([{ outcome: 'Unchanged' }]);
  expect(await store.previous(third.runId, third.objects[0]!)).toBeUndefined();
});

test('without leave to overwrite, an object that is there is left as it is', async () => {
  await dest.apply(configMap(NAMESPACE, 'left', { whose: 'dest' }));
  const { objects } = await apply([config('left', { whose: 'source' })]);
  expect(objects).toMatchObject([{ outcome: 'Skipped', reason: expect.stringContaining('left as it is') }]);
  expect((await dest.get<KubernetesObject>('configmap', NAMESPACE, 'left')).data).toEqual({ whose: 'dest' });
});

test('a run that is cut off at any request still knows what it changed, and what that was before', async () => {
  for (let requests = 1, killed = true; killed; requests++) {
    expect(requests).toBeLessThan(20);
    const name = `cut-off-${requests}`;
    await dest.apply(configMap(NAMESPACE, name, { whose: 'dest' }));
    const { id } = await createTestRun(prisma);
    const doomed = new KilledClient(kubeconfig(), requests);
    const objects = [config(name, { whose: 'source' })];
    killed = await apply(objects, { overwriteExisting: true }, { runId: id, client: doomed }).then(
      () => false,
      () => true,
    );
    await doomed.close();
    const { objects: told } = await apply(objects, { overwriteExisting: true }, { runId: id });
    expect(told).toMatchObject([{ name, outcome: 'Updated' }]);
    expect(await store.previous(id, told[0]!)).toMatchObject({ data: { whose: 'dest' } });
    expect((await dest.get<KubernetesObject>('configmap', NAMESPACE, name)).data).toEqual({ whose: 'source' });
  }
});

test('owners go first and are referred to by their new UIDs; those of later tiers are given at the end', async () => {
  const own = (name: string, uid: string, more: Partial<OwnerReference> = {}): OwnerReference[] => [
    { apiVersion: 'v1', kind: 'ConfigMap', name, uid, ...more },
  ];
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'top', uid: 's-top', controller: true };
  const { objects, findings } = await apply([
    // Read in the worst order.
    config('leaf', {}, { uid: 's-leaf', ownerReferences: own('branch', 's-branch') }),
    config('branch', {}, { uid: 's-branch', ownerReferences: own('root', 's-root', { blockOwnerDeletion: true }) }),
    config('root', {}, { uid: 's-root' }),
    config('of-deployment', {}, { uid: 's-of', ownerReferences: [deployment] }),
    config('orphan', {}, { uid: 's-orphan', ownerReferences: own('stayed', 's-stayed') }),
    emptyDeployment('top', 's-top'),
  ]);
  expect(new Set(objects.map(({ outcome }) => outcome))).toEqual(new Set(['Created']));
  const get = (name: string, kind = 'configmap') => dest.get<KubernetesObject>(kind, NAMESPACE, name);
  const [leaf, branch, root, of, orphan, top] = await Promise.all([
    get('leaf'),
    get('branch'),
    get('root'),
    get('of-deployment'),
    get('orphan'),
    get('top', 'deployment'),
  ]);
  expect(leaf.metadata.ownerReferences).toEqual(own('branch', branch.metadata.uid!));
  expect(branch.metadata.ownerReferences).toEqual(own('root', root.metadata.uid!, { blockOwnerDeletion: true }));
  expect(of.metadata.ownerReferences).toEqual([{ ...deployment, uid: top.metadata.uid }]);
  expect(orphan.metadata.ownerReferences).toBeUndefined();
  expect(findings).toMatchObject([{ reason: 'OwnerStayed', object: `ConfigMap ${NAMESPACE}/orphan` }]);
  // The garbage collector finds every owner: all are there after it had time to look, and go with their owner.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  expect((await get('leaf')).metadata.uid).toBe(leaf.metadata.uid);
  await dest.kubectl('delete', 'configmap', 'root', '-n', NAMESPACE);
  await dest.kubectl('wait', '--for=delete', 'configmap/leaf', '-n', NAMESPACE, '--timeout=60s');
});

test('a node port that is taken is told with its owner', async () => {
  const ports = [{ port: 80, nodePort: 31987 }];
  await dest.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: OTHERS, name: 'holder' },
    spec: { type: 'NodePort', ports },
  });
  const wanted = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name: 'web' },
    spec: { type: 'NodePort', ports },
  };
  const { objects, story } = await apply([wanted, config('beside', {})], { preserveNodePorts: true });
  expect(objects).toMatchObject([
    { kind: 'ConfigMap', outcome: 'Created' },
    { kind: 'Service', outcome: 'Failed', reason: expect.stringContaining(`31987 belongs to Service ${OTHERS}/holder`) },
  ]);
  expect(story.lines()).toMatchObject([
    { level: 'warning', message: expect.stringContaining(`Failed: Service ${NAMESPACE}/web`) },
  ]);
});

test('what the API server refuses to change is a warning with its reason', async () => {
  await dest.apply({ ...configMap(NAMESPACE, 'frozen', { whose: 'dest' }), immutable: true });
  const { objects } = await apply([config('frozen', { whose: 'source' })], { overwriteExisting: true });
  expect(objects).toMatchObject([{ outcome: 'Warned', reason: expect.stringMatching(/not changed: .*immutable/) }]);
});

test('a field that the destination does not know is told', async () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { namespace: NAMESPACE, name: 'newer' } };
  const { objects, story } = await apply([{ ...service, spec: { ports: [{ port: 80 }], teleport: true } }]);
  expect(objects).toMatchObject([{ outcome: 'Created', reason: 'the API server warns: unknown field "spec.teleport"' }]);
  expect(story.lines()).toMatchObject([{ level: 'warning', message: expect.stringContaining('spec.teleport') }]);
});

test('a custom resource comes after its definition, with its status where that is asked for', async () => {
  const bird = (name: string) => ({
    apiVersion: 'apply.e2e.godwit.io/v1',
    kind: 'Bird',
    metadata: { namespace: NAMESPACE, name },
    spec: { wings: 2 },
    status: { flown: 12_000 },
  });
  const { objects } = await apply([definition(), bird('godwit')], { restoreStatus: ['birds'] });
  expect(objects.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['Bird Created', 'CustomResourceDefinition Created']);
  expect((await dest.get<KubernetesObject>('birds', NAMESPACE, 'godwit')).status).toEqual({ flown: 12_000 });
  await apply([bird('plain')]);
  expect((await dest.get<KubernetesObject>('birds', NAMESPACE, 'plain')).status).toBeUndefined();
});

interface Applied {
  runId: string;
  objects: RunObject[];
  findings: Finding[];
  story: Story;
}

/** Applies objects as if they had been captured; the order within a tier is that in which they are given. */
async function apply(
  objects: KubernetesObject[],
  definition: object = {},
  { runId, client: by = client }: { runId?: string; client?: KubeClient } = {},
): Promise<Applied> {
  const id = runId ?? (await createTestRun(prisma)).id;
  const transforms = RestoreTransforms.parse(definition);
  const findings: Finding[] = [];
  const tell = async (told: readonly Finding[]) => {
    findings.push(...told);
  };
  const discovery = await discover(client);
  const namespaces = { [NAMESPACE]: NAMESPACE };
  // Also what comes along itself is known to the rules, as after a capture.
  const types = [
    ...discovery.preferred,
    { group: 'apply.e2e.godwit.io', kind: 'Bird', plural: 'birds', namespaced: true, shortNames: [] },
  ];
  const story = new Story();
  const captured = {
    namespaces,
    tier: async function* (index: number) {
      for (const object of objects) if (applyTier(object) === index) yield { object };
    },
  };
  await applyCaptured(captured, {
    context: { client: by, runId: id, overwrite: transforms.overwriteExisting, signal: noSignal },
    transforms: transformContext(transforms, { runId: id, namespaces, types: types as never }),
    discovery,
    moved: new Map(),
    outcomes: new Outcomes(store, id, tell, runId !== undefined),
    story,
    tell,
  });
  return { runId: id, objects: await store.list(id), findings, story };
}

function config(name: string, data: Record<string, string>, metadata: object = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE, ...metadata }, data };
}

function emptyDeployment(name: string, uid: string): KubernetesObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'busybox:1' }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, uid },
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  };
}

function definition(): KubernetesObject {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: DEFINITION },
    spec: {
      group: 'apply.e2e.godwit.io',
      names: { kind: 'Bird', plural: 'birds', singular: 'bird' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}

function kubeconfig() {
  const checked = checkKubeconfig(dest.kubeconfig);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.kubeconfig;
}

async function sweep(): Promise<void> {
  await dest.deleteNamespaces(NAMESPACE, OTHERS);
  await dest.kubectl('delete', 'customresourcedefinition', DEFINITION, '--ignore-not-found');
}
