import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ensureGoProgram } from '../tools/infra/go-program.ts';
import { fetchGoModule, type GoModule } from '../tools/testing/applications/go-module.ts';
import { MINIO } from '../tools/testing/s3/start-minio.ts';
import { tellOnStderr } from '../tools/testing/s3/test-s3-server.ts';
import { loadImage } from './support/application-image.ts';
import type { TestCluster } from './support/cluster.ts';
import { compareNamespaces } from './support/compare-namespaces.ts';
import { Harness } from './support/harness.ts';
import { Helm } from './support/helm.ts';
import { namespace, service } from './support/manifests.ts';
import { ObjectStoreUser } from './support/object-store-user.ts';

jest.setTimeout(600_000);

/** MinIO by its own chart: a StatefulSet whose one pod keeps every object in parts on four volumes. */
const MODULE: GoModule = {
  path: MINIO.module,
  version: MINIO.version,
  sum: 'h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=',
};
const IMAGE = 'e2e/minio:built';
const NAMESPACE = 'e2e-object-storage';
const OCCUPIED = 'e2e-object-storage-ports';
const RELEASE = 'minio';
const MANUAL_PORT = 31_900;
const ROOT = { accessKeyId: 'admin-of-e2e', secretAccessKey: 'only-for-tests' };
const VALUES = {
  image: { repository: 'e2e/minio', tag: 'built' },
  replicas: 1,
  drivesPerNode: 4,
  persistence: { size: '256Mi' },
  rootUser: ROOT.accessKeyId,
  rootPassword: ROOT.secretAccessKey,
  users: [],
  resources: { requests: { cpu: '50m', memory: '128Mi' } },
  podDisruptionBudget: { enabled: true },
  networkPolicy: { enabled: true },
  // One port is the user's choice that others rely on; the other is whatever the cluster gives.
  service: { type: 'NodePort', nodePort: MANUAL_PORT },
  consoleService: { type: 'NodePort', nodePort: null },
};

let harness: Harness;
let chart: string;

beforeAll(async () => {
  harness = await Harness.start({ name: 'move-object-storage', givenNamespace: true });
  const { source, dest } = harness;
  await Promise.all([source.deleteNamespaces(NAMESPACE), dest.deleteNamespaces(NAMESPACE, OCCUPIED)]);
  const module = await fetchGoModule(MODULE);
  chart = join(module, 'helm/minio');
  const programs = {
    '/usr/bin/minio': await ensureGoProgram(MINIO, 'Install Go 1.26 or newer.', tellOnStderr),
    '/usr/bin/docker-entrypoint.sh': join(module, 'dockerscripts/docker-entrypoint.sh'),
  };
  await loadImage({ tag: IMAGE, entrypoint: ['/usr/bin/docker-entrypoint.sh'], programs }, source, dest);
  await new Helm(source).upgrade(RELEASE, chart, NAMESPACE, VALUES);
});

afterAll(async () => {
  if (!harness) return;
  await Promise.all([harness.source.deleteNamespaces(NAMESPACE), harness.dest.deleteNamespaces(NAMESPACE, OCCUPIED)]);
  await harness.stop();
});

type ServiceObject = KubernetesObject & { spec: { ports: { nodePort: number }[] } };

async function nodePort(cluster: TestCluster, name: string): Promise<number | undefined> {
  const { spec } = await cluster.get<ServiceObject>('service', NAMESPACE, name);
  return spec.ports[0]?.nodePort;
}

async function withStore<T>(cluster: TestCluster, use: (store: ObjectStoreUser) => Promise<T>): Promise<T> {
  const store = new ObjectStoreUser(`http://${await cluster.nodeAddress()}:${MANUAL_PORT}`, ROOT, 'photos');
  try {
    return await use(store);
  } finally {
    store.close();
  }
}

test('MinIO of a Helm release moves with its objects, the chosen node port and a new automatic one', async () => {
  const { source, dest } = harness;
  const before = await withStore(source, async (store) => {
    await store.createBucket();
    for (let i = 0; i < 60; i++) await store.put(`album ${i % 7}/${i}.jpg`, randomBytes(1_000 + 997 * i));
    await store.put('film.mp4', randomBytes(24_000_000));
    return store.content();
  });
  const automatic = await nodePort(source, `${RELEASE}-console`);
  // Taken on the destination: a port that came along would be refused there.
  await dest.apply(
    namespace(OCCUPIED),
    service(OCCUPIED, 'taken', { type: 'NodePort', ports: [{ port: 80, nodePort: automatic }] }),
  );

  const run = await harness.migrate(
    harness.definition('object storage', { selection: { scope: 'Namespaces', namespaces: [NAMESPACE] } }),
  );

  await dest.ready(NAMESPACE, `statefulset/${RELEASE}`);
  expect(await withStore(dest, (store) => store.content())).toEqual(before);
  expect(await nodePort(dest, RELEASE)).toBe(MANUAL_PORT);
  const given = await nodePort(dest, `${RELEASE}-console`);
  expect(given).toBeGreaterThanOrEqual(30_000);
  expect(given).not.toBe(automatic);
  expect(await compareNamespaces(source, NAMESPACE, dest)).toEqual([
    `Service ${RELEASE}-console: replace /spec/ports/0/nodePort ${given}`,
  ]);

  expect(run.volumes.map(({ name, copy, restore }) => [name, copy?.digest === restore?.digest]).sort()).toEqual(
    [0, 1, 2, 3].map((drive) => [`export-${drive}-${RELEASE}-0`, true]),
  );
  expect(await harness.leftovers(run.id)).toEqual([]);

  const helm = new Helm(dest);
  expect(await helm.releases(NAMESPACE)).toEqual(await new Helm(source).releases(NAMESPACE));
  await helm.upgrade(RELEASE, chart, NAMESPACE, { ...VALUES, environment: { MINIO_BROWSER: 'off' } });
  expect(await helm.releases(NAMESPACE)).toMatchObject([{ name: RELEASE, revision: '2', status: 'deployed' }]);
  expect(await nodePort(dest, RELEASE)).toBe(MANUAL_PORT);
  expect(await withStore(dest, (store) => store.content())).toEqual(before);
});
