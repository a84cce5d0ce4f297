import { join } from 'node:path';
import type { RunFindingView } from '@godwit/contracts/api';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ensureGoProgram, type GoProgram } from '../tools/infra/go-program.ts';
import { fetchGoModule, type GoModule } from '../tools/testing/applications/go-module.ts';
import { tellOnStderr } from '../tools/testing/s3/test-s3-server.ts';
import { loadImage } from './support/application-image.ts';
import type { TestCluster } from './support/cluster.ts';
import { compareNamespaces } from './support/compare-namespaces.ts';
import { Harness } from './support/harness.ts';
import { Helm } from './support/helm.ts';
import { Kubeseal } from './support/kubeseal.ts';
import { deployment, namespace } from './support/manifests.ts';

jest.setTimeout(600_000);

/**
 * Sealed Secrets by its own chart, with rights in chosen namespaces only: a controller in one namespace, and in the other the
 * roles for it, the secrets that people sealed with its key, and what it made of them.
 */
const MODULE: GoModule = {
  path: 'github.com/bitnami-labs/sealed-secrets',
  version: 'v0.32.2',
  sum: 'h1:YP3g8JLQqm482GbkaGLmO9AzelOsRaVSs41wv15CeB8=',
};
const CONTROLLER: GoProgram = {
  module: `${MODULE.path}/cmd/controller`,
  version: MODULE.version,
  name: 'sealed-secrets-controller',
  static: true,
};
const [SYSTEM, SHOP] = ['e2e-sealed-secrets', 'e2e-sealed-shop'];
const [NEW_SYSTEM, NEW_SHOP] = ['e2e-keys-moved', 'e2e-shop-moved'];
const RENAMES = { [SYSTEM]: NEW_SYSTEM, [SHOP]: NEW_SHOP };
const RELEASE = 'sealed-secrets';
const CRD = 'sealedsecrets.bitnami.com';
const SERVICE = `${RELEASE}.${SYSTEM}.svc.cluster.local`;
const VALUES = {
  image: { registry: 'e2e', repository: 'sealed-secrets-controller', tag: 'built' },
  rbac: { clusterRole: false, namespacedRoles: true },
  additionalNamespaces: [SYSTEM, SHOP],
  networkPolicy: { enabled: true },
};

let harness: Harness;
let chart: string;

async function forget(): Promise<void> {
  const { source, dest } = harness;
  await Promise.all([source.deleteNamespaces(SYSTEM, SHOP), dest.deleteNamespaces(NEW_SYSTEM, NEW_SHOP)]);
  for (const cluster of [source, dest]) await cluster.kubectl('delete', 'crd', CRD, '--ignore-not-found');
}

beforeAll(async () => {
  harness = await Harness.start({ name: 'move-sealed-secrets', givenNamespace: true });
  await forget();
  const { source, dest } = harness;
  const module = await fetchGoModule(MODULE);
  chart = join(module, 'helm/sealed-secrets');
  const controller = await ensureGoProgram(CONTROLLER, 'Install Go 1.26 or newer.', tellOnStderr);
  const image = { tag: 'e2e/sealed-secrets-controller:built', entrypoint: [], programs: { '/usr/bin/controller': controller } };
  await loadImage(image, source, dest);
  await source.apply(namespace(SHOP));
  await new Helm(source).upgrade(RELEASE, chart, SYSTEM, VALUES);
  const password = { secretKeyRef: { name: 'database', key: 'password' } };
  await source.apply(
    await new Kubeseal(source, SYSTEM, RELEASE).seal(SHOP, 'database', { password: 'of the source' }),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: SHOP, name: 'from-the-controller' },
      spec: {
        podSelector: {},
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': SYSTEM } } }] }],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: SHOP, name: 'sealer' },
      spec: { type: 'ExternalName', externalName: SERVICE },
    },
    deployment(SHOP, 'web', [], {
      containers: [
        {
          name: 'main',
          image: 'busybox:1',
          command: ['sleep', 'inf'],
          env: [
            { name: 'PASSWORD', valueFrom: password },
            { name: 'CERTIFICATE_URL', value: `http://${SERVICE}:8080/v1/cert.pem` },
          ],
        },
      ],
    }),
  );
  await source.ready(SHOP, 'deployment/web');
});

afterAll(async () => {
  if (!harness) return;
  await forget();
  await harness.stop();
});

const certificate = (cluster: TestCluster, ns: string) => cluster.exec(ns, 'deploy/web', 'wget -qO- "$CERTIFICATE_URL"');

async function uidOf(cluster: TestCluster, kind: string, ns: string, name: string): Promise<unknown> {
  return (await cluster.get(kind, ns, name)).metadata.uid;
}

test('a controller and the namespace it serves move into renamed namespaces, and it still opens what was sealed for it', async () => {
  const { source, dest } = harness;
  expect(await source.exec(SHOP, 'deploy/web', 'echo "$PASSWORD"')).toBe('of the source\n');
  const before = await certificate(source, SHOP);
  expect(before).toMatch(/^-----BEGIN CERTIFICATE-----/);

  const run = await harness.migrate(
    harness.definition('sealed secrets', {
      selection: { scope: 'Namespaces', namespaces: [SYSTEM, SHOP] },
      transforms: { renameNamespaces: { map: RENAMES }, rewriteText: true },
    }),
  );

  await dest.ready(NEW_SYSTEM, `deployment/${RELEASE}`);
  await dest.ready(NEW_SHOP, 'deployment/web');
  expect(await dest.exec(NEW_SHOP, 'deploy/web', 'echo "$PASSWORD"')).toBe('of the source\n');
  // By the rewritten name of the controller's Service: the key has moved too.
  expect(await certificate(dest, NEW_SHOP)).toBe(before);
  expect(await dest.get<KubernetesObject>('service', NEW_SHOP, 'sealer')).toMatchObject({
    spec: { externalName: SERVICE.replace(SYSTEM, NEW_SYSTEM) },
  });

  // What people gave the chart, and what it was rendered to, is as it was until Helm renders it anew.
  const record = `Secret sh.helm.release.v1.${RELEASE}.v1: replace /data/release`;
  expect(await compareNamespaces(source, SYSTEM, dest, RENAMES)).toEqual([
    `${record}/info/notes ...`,
    `${record}/config/additionalNamespaces/0 "${SYSTEM}"`,
    `${record}/config/additionalNamespaces/1 "${SHOP}"`,
    `${record}/manifest ...`,
  ]);
  expect(await compareNamespaces(source, SHOP, dest, RENAMES)).toEqual([]);
  expect(await harness.leftovers(run.id)).toEqual([]);

  expect((await harness.api.objects(run.id)).filter(({ outcome }) => outcome !== 'Created')).toEqual([]);
  const { items } = await harness.api.call<{ items: RunFindingView[] }>('GET', `/runs/${run.id}/findings?limit=500`);
  expect(items.map(({ reason, object }) => `${reason} ${object}`)).toEqual(
    expect.arrayContaining([
      `HelmReleaseRenamed Secret ${SYSTEM}/sh.helm.release.v1.${RELEASE}.v1`,
      `NamespaceRewritten Deployment ${SYSTEM}/${RELEASE}`,
      `NamespaceRewritten Deployment ${SHOP}/web`,
    ]),
  );
});

test('on the destination the controller owns and renews what it made, and opens what is sealed anew', async () => {
  const { dest } = harness;
  expect((await dest.get('secret', NEW_SHOP, 'database')).metadata.ownerReferences).toMatchObject([
    { kind: 'SealedSecret', name: 'database', uid: await uidOf(dest, CRD, NEW_SHOP, 'database') },
  ]);
  await dest.kubectl('wait', CRD, 'database', '-n', NEW_SHOP, '--for=condition=Synced', '--timeout=60s');
  await dest.kubectl('delete', 'secret', 'database', '-n', NEW_SHOP);
  await dest.apply(await new Kubeseal(dest, NEW_SYSTEM, RELEASE).seal(NEW_SHOP, 'queue', { password: 'of the destination' }));
  await dest.kubectl('wait', CRD, 'queue', '-n', NEW_SHOP, '--for=condition=Synced', '--timeout=60s');
  const secret = await dest.get<KubernetesObject & { data: Record<string, string> }>('secret', NEW_SHOP, 'queue');
  expect(Buffer.from(secret.data.password ?? '', 'base64').toString()).toBe('of the destination');
});

test('Helm finds its release in the renamed namespace and upgrades it', async () => {
  const { dest } = harness;
  const helm = new Helm(dest);
  expect(await helm.releases(NEW_SYSTEM)).toMatchObject([{ name: RELEASE, revision: '1', status: 'deployed' }]);
  await helm.upgrade(RELEASE, chart, NEW_SYSTEM, {
    ...VALUES,
    additionalNamespaces: [NEW_SYSTEM, NEW_SHOP],
    podLabels: { upgraded: 'yes' },
  });
  expect(await helm.releases(NEW_SYSTEM)).toMatchObject([{ name: RELEASE, revision: '2', status: 'deployed' }]);
});
