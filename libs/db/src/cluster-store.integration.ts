import { randomBytes } from 'node:crypto';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { Sealer } from '@godwit/service-kit/sealer';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestOrganisation } from '../../../tools/testing/test-run.ts';
import { ClusterStore } from './cluster-store.ts';
import { ObjectStoreStore } from './object-store-store.ts';
import { PrismaService } from './prisma.service.ts';

const SECRET = 'a-secret-that-is-in-no-row';
const CLUSTER = { name: 'old', server: 'https://old.example', kubeconfig: `users: [{user: {token: ${SECRET}}}]` };
const CONFIG = ObjectStoreConfig.parse({
  endpoint: 'https://s3.example',
  bucket: 'archives',
  prefix: 'godwit',
  accessKeyId: 'an-access-key-id',
  secretAccessKey: SECRET,
});

let database: TestDatabase;
let prisma: PrismaService;
let clusters: ClusterStore;
let stores: ObjectStoreStore;
let mine: string;
let theirs: string;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  const sealer = new Sealer(randomBytes(32));
  clusters = new ClusterStore(prisma, sealer);
  stores = new ObjectStoreStore(prisma, sealer);
});
beforeEach(async () => {
  [mine, theirs] = [await createTestOrganisation(prisma), await createTestOrganisation(prisma)];
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

/** All that Postgres has of a row, with its bytes as text where they are text. */
async function storedText(table: 'Cluster' | 'ObjectStore', id: string): Promise<string> {
  const row: object =
    table === 'Cluster'
      ? await prisma.cluster.findUniqueOrThrow({ where: { id } })
      : await prisma.objectStore.findUniqueOrThrow({ where: { id } });
  return Object.values(row)
    .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
    .join('\n');
}

test('a kubeconfig is kept sealed and comes out as it was', async () => {
  const created = await clusters.create(mine, CLUSTER);
  const stored = await storedText('Cluster', created.id);
  expect(stored).toContain(CLUSTER.server);
  expect(stored).not.toContain(SECRET);
  expect(JSON.stringify([created, await clusters.find(mine, created.id), await clusters.list(mine)])).not.toMatch(
    /sealed|token/i,
  );
  expect(await clusters.openKubeconfig(created.id)).toEqual({ name: 'old', kubeconfig: CLUSTER.kubeconfig });

  await clusters.update(mine, created.id, { kubeconfig: `another ${SECRET}` });
  expect(await storedText('Cluster', created.id)).not.toContain(SECRET);
  await clusters.update(mine, created.id, { name: 'renamed' });
  expect(await clusters.openKubeconfig(created.id)).toEqual({ name: 'renamed', kubeconfig: `another ${SECRET}` });
});

test('the credentials of a store are kept sealed and come out as they were', async () => {
  const created = await stores.create(mine, 'store', CONFIG);
  const stored = await storedText('ObjectStore', created.id);
  expect(stored).toContain(CONFIG.bucket);
  expect(stored).not.toContain(SECRET);
  expect(stored).not.toContain(CONFIG.accessKeyId);
  expect(JSON.stringify([created, await stores.find(mine, created.id), await stores.page(mine, { limit: 10 })])).not.toMatch(
    /sealed|access/i,
  );
  expect(await stores.openConfig(created.id)).toEqual({ name: 'store', config: CONFIG });

  const changed = { ...CONFIG, secretAccessKey: `${SECRET}-2` };
  await stores.update(mine, created.id, 'store', changed);
  expect(await stores.openConfig(created.id)).toEqual({ name: 'store', config: changed });
});

test('another organisation neither sees, changes nor deletes a cluster', async () => {
  const { id } = await clusters.create(mine, CLUSTER);
  expect(await clusters.list(theirs)).toEqual([]);
  expect(await clusters.find(theirs, id)).toBeUndefined();
  expect(await clusters.update(theirs, id, { name: 'taken', kubeconfig: 'taken' })).toBeUndefined();
  expect(await clusters.delete(theirs, id)).toBe(false);
  expect(await clusters.openKubeconfig(id)).toEqual({ name: 'old', kubeconfig: CLUSTER.kubeconfig });
  expect(await clusters.delete(mine, id)).toBe(true);
  expect(await clusters.openKubeconfig(id)).toBeUndefined();
});

test('another organisation neither sees, changes nor deletes a store', async () => {
  const { id } = await stores.create(mine, 'store', CONFIG);
  expect(await stores.page(theirs, { limit: 10 })).toEqual({ items: [] });
  expect(await stores.find(theirs, id)).toBeUndefined();
  expect(await stores.update(theirs, id, 'taken', { ...CONFIG, bucket: 'taken' })).toBeUndefined();
  expect(await stores.delete(theirs, id)).toBe(false);
  expect(await stores.openConfig(id)).toEqual({ name: 'store', config: CONFIG });
  expect(await stores.delete(mine, id)).toBe(true);
  expect(await stores.openConfig(id)).toBeUndefined();
});

test('what is sealed does not open in another row', async () => {
  const first = await clusters.create(mine, CLUSTER);
  const second = await clusters.create(theirs, { ...CLUSTER, kubeconfig: 'another' });
  const { sealedKubeconfig } = await prisma.cluster.findUniqueOrThrow({ where: { id: first.id } });
  await prisma.cluster.update({ where: { id: second.id }, data: { sealedKubeconfig } });
  await expect(clusters.openKubeconfig(second.id)).rejects.toThrow(/sealed for something else/);

  const [store, other] = [await stores.create(mine, 'store', CONFIG), await stores.create(theirs, 'store', CONFIG)];
  const { sealedConfig } = await prisma.objectStore.findUniqueOrThrow({ where: { id: store.id } });
  await prisma.objectStore.update({ where: { id: other.id }, data: { sealedConfig } });
  await expect(stores.openConfig(other.id)).rejects.toThrow(/sealed for something else/);
});
