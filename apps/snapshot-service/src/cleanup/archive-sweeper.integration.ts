import { randomBytes, randomUUID } from 'node:crypto';
import { runPrefix } from '@godwit/contracts/archive-layout';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { ObjectStoreStore } from '@godwit/db/object-store-store';
import { PrismaService } from '@godwit/db/prisma.service';
import { RunArchiveStore } from '@godwit/db/run-archive-store';
import { RunEventStore } from '@godwit/db/run-event-store';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import type { ObjectStore } from '@godwit/object-store/object-store';
import { RedisService } from '@godwit/queue/redis';
import { RunNews } from '@godwit/queue/run-news';
import { endpointGuard } from '@godwit/service-kit/address-guard';
import { Sealer } from '@godwit/service-kit/sealer';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { createTestDatabase, need, type TestDatabase } from '../../../../tools/testing/test-database.ts';
import { createTestOrganisation, createTestRun } from '../../../../tools/testing/test-run.ts';
import { ArchiveSweeper } from './archive-sweeper.ts';

jest.setTimeout(60_000);

const NEVER = new AbortController().signal;

let database: TestDatabase;
let prisma: PrismaService;
let redis: RedisService;
let config: ObjectStoreConfig;
let bucket: ObjectStore;
let stores: ObjectStoreStore;
let due: RunArchiveStore;
let log: RunEventStore;
/** Two replicas. */
let sweepers: ArchiveSweeper[];

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  redis = new RedisService(need('GODWIT_TEST_REDIS_URL'));
  config = ObjectStoreConfig.parse({
    endpoint: need('GODWIT_TEST_S3_ENDPOINT'),
    accessKeyId: need('GODWIT_TEST_S3_ACCESS_KEY'),
    secretAccessKey: need('GODWIT_TEST_S3_SECRET_KEY'),
    bucket: need('GODWIT_TEST_S3_BUCKET'),
    region: need('GODWIT_TEST_S3_REGION'),
    prefix: `archive-sweeper-test/${randomUUID()}`,
  });
  bucket = createObjectStore(config);
  stores = new ObjectStoreStore(prisma, new Sealer(randomBytes(32)));
  [due, log] = [new RunArchiveStore(prisma), new RunEventStore(prisma)];
  const managedStorage = [{ ...config, provider: 'local', region: 'here', signingRegion: config.region }];
  const archives = new ArchiveAccess(stores, { managedStorage }, endpointGuard({ allowed: ['127.0.0.0/8'], denied: [] }));
  const news = new RunNews(redis);
  sweepers = [1, 2].map(() => new ArchiveSweeper(due, archives, log, news));
});
beforeEach(() => prisma.run.deleteMany());
afterAll(async () => {
  await bucket?.deletePrefix('runs');
  await bucket?.deletePrefix('organisations');
  bucket?.close();
  await redis?.onModuleDestroy();
  await prisma?.$disconnect();
  await database?.drop();
});

async function storeOf(organisationId: string, change: Partial<ObjectStoreConfig> = {}) {
  const { id } = await stores.create(organisationId, randomUUID(), { ...config, ...change });
  return { type: 'ObjectStore', objectStoreId: id } as const;
}

/** A finished run with an archive of some objects. */
async function runWith(storage: object, organisationId: string, keptUntil: Date, folder = '') {
  const { id } = await createTestRun(prisma, { organisationId, storage, phase: 'Succeeded', finishedAt: new Date() });
  const keys = ['resources/0', 'volumes/a/0', 'volumes/a/1'].map((key) => `${folder}${runPrefix(id)}/${key}`);
  for (const key of keys) await bucket.put(key, Buffer.from('sealed'));
  await due.keepUntil(id, keptUntil);
  return { id, folder };
}

const keysOf = async ({ id, folder }: { id: string; folder: string }) =>
  (await Array.fromAsync(bucket.list(`${folder}${runPrefix(id)}/`))).length;
const messages = async (id: string) => (await log.list(id)).map(({ level, message }) => `${level}: ${message}`);
const sweep = () => Promise.all(sweepers.map((sweeper) => sweeper.work(NEVER)));

test('archives go when their time has passed, with two replicas at it, and not before', async () => {
  const organisationId = await createTestOrganisation(prisma);
  const storage = await storeOf(organisationId);
  const now = new Date();
  const over = await Promise.all(Array.from({ length: 6 }, () => runWith(storage, organisationId, now)));
  const kept = await runWith(storage, organisationId, new Date(now.getTime() + 3_600_000));
  await sweep();
  await sweep();
  for (const run of over) {
    expect(await keysOf(run)).toBe(0);
    expect(await messages(run.id)).toEqual([expect.stringMatching(/^info: The archive was deleted/)]);
    expect((await prisma.run.findUniqueOrThrow({ where: { id: run.id } })).archiveDeletedAt).not.toBeNull();
  }
  expect(await keysOf(kept)).toBe(3);
  expect(await messages(kept.id)).toEqual([]);
});

test('in managed storage, only what is beneath the prefix of the tenant goes', async () => {
  const [ours, theirs] = [await createTestOrganisation(prisma), await createTestOrganisation(prisma)];
  const storage = { type: 'Managed', provider: 'local', region: 'here' };
  const run = await runWith(storage, ours, new Date(), `organisations/${ours}/`);
  // Of the same name, beside: as a tenant would have it who guesses the ids of others.
  for (const folder of ['', `organisations/${theirs}/`])
    await bucket.put(`${folder}${runPrefix(run.id)}/resources/0`, Buffer.from('sealed'));
  await sweep();
  expect(await keysOf(run)).toBe(0);
  expect(await keysOf({ ...run, folder: '' })).toBe(1);
  expect(await keysOf({ ...run, folder: `organisations/${theirs}/` })).toBe(1);
});

test('a store that refuses is tried again, later and later, and told of once; others do not wait for it', async () => {
  const organisationId = await createTestOrganisation(prisma);
  const storage = await storeOf(organisationId, { secretAccessKey: 'not-the-secret-key' });
  const [refused, fine] = [
    await runWith(storage, organisationId, new Date()),
    await runWith(await storeOf(organisationId), organisationId, new Date()),
  ];
  await sweep();
  expect([await keysOf(refused), await keysOf(fine)]).toEqual([3, 0]);
  const nextTry = async () => (await prisma.run.findUniqueOrThrow({ where: { id: refused.id } })).archiveSweepAt!.getTime();
  const first = (await nextTry()) - Date.now();
  expect(first).toBeGreaterThan(2_000);
  await due.tryAgainAt(refused.id, new Date());
  await sweep();
  expect((await nextTry()) - Date.now()).toBeGreaterThan(first);
  expect(await messages(refused.id)).toEqual([
    expect.stringMatching(/^warning: The archive should be deleted and cannot be.*signature.*Check access key/s),
  ]);
  expect((await messages(refused.id)).join()).not.toContain('not-the-secret-key');

  await stores.update(organisationId, storage.objectStoreId, 'mended', config);
  await due.requestDeletion(organisationId, refused.id);
  await sweep();
  expect(await keysOf(refused)).toBe(0);
  expect((await messages(refused.id)).at(-1)).toMatch(/^info: The archive was deleted/);
});

test('a replica that is stopped leaves what it was at to another', async () => {
  const organisationId = await createTestOrganisation(prisma);
  const run = await runWith(await storeOf(organisationId), organisationId, new Date());
  await sweepers[0]!.work(AbortSignal.abort());
  expect(await keysOf(run)).toBe(3);
  await sweepers[1]!.work(NEVER);
  expect(await keysOf(run)).toBe(0);
  expect(await messages(run.id)).toEqual([expect.stringMatching(/^info: /)]);
});
