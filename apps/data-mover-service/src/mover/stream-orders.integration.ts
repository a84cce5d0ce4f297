import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { streamOrderKey, volumePrefix } from '@godwit/contracts/archive-layout';
import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { QUEUES } from '@godwit/contracts/queues';
import { AdvanceStore } from '@godwit/db/advance-store';
import { MigrationStore } from '@godwit/db/migration-store';
import { ObjectStoreStore } from '@godwit/db/object-store-store';
import { OrganisationStore } from '@godwit/db/organisation-store';
import { PostgresStepLedger } from '@godwit/db/postgres-step-ledger';
import { PrismaService } from '@godwit/db/prisma.service';
import { RunStore } from '@godwit/db/run-store';
import { AdvanceWorker } from '@godwit/queue/advance-worker';
import { Doorbell } from '@godwit/queue/doorbell';
import { RedisService } from '@godwit/queue/redis';
import { StepWorker } from '@godwit/queue/step-worker';
import { endpointGuard } from '@godwit/service-kit/address-guard';
import { Sealer } from '@godwit/service-kit/sealer';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { openBlob } from '@godwit/volume-archive/seal';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, need, type TestDatabase } from '../../../../tools/testing/test-database.ts';
import { StreamOrders } from './stream-orders.ts';
import type { StreamRelay } from './stream-relay.ts';

/** Of Redis, which the services' tests share: one that no other test takes. */
const REDIS_DATABASE = 13;
const VOLUME_BYTES = 2n ** 32n;

let database: TestDatabase;
let prisma: PrismaService;
let redis: RedisService;
let doorbell: Doorbell;
let archives: ArchiveAccess;
let runs: RunStore;
let organisationId: string;
let stores: ObjectStoreStore;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  const url = new URL(need('GODWIT_TEST_REDIS_URL'));
  url.pathname = `/${REDIS_DATABASE}`;
  redis = new RedisService(url.href);
  await redis.client.flushdb();
  doorbell = new Doorbell(redis);
  const sealer = new Sealer(randomBytes(32));
  stores = new ObjectStoreStore(prisma, sealer);
  archives = new ArchiveAccess(stores, { managedStorage: [] }, endpointGuard({ allowed: ['127.0.0.0/8'], denied: [] }));
  runs = new RunStore(prisma, sealer);
  organisationId = await new OrganisationStore(prisma).ensureDefault();
});
afterAll(async () => {
  await doorbell?.onModuleDestroy();
  await redis?.onModuleDestroy();
  await prisma?.$disconnect();
  await database?.drop();
});

/** A run of two volumes and two streams, whose first volume may be copied. */
async function startRun() {
  const config = ObjectStoreConfig.parse({
    endpoint: need('GODWIT_TEST_S3_ENDPOINT'),
    accessKeyId: need('GODWIT_TEST_S3_ACCESS_KEY'),
    secretAccessKey: need('GODWIT_TEST_S3_SECRET_KEY'),
    bucket: need('GODWIT_TEST_S3_BUCKET'),
    region: need('GODWIT_TEST_S3_REGION'),
    prefix: `stream-orders-test/${randomUUID()}`,
  });
  const { id: objectStoreId } = await stores.create(organisationId, randomUUID(), config);
  const definition = MigrationDefinition.parse({
    name: randomUUID(),
    sourceClusterId: randomUUID(),
    destination: { type: 'Registered', clusterId: randomUUID() },
    copy: { storage: { type: 'ObjectStore', objectStoreId }, concurrentStreams: 2 },
  });
  const run = (await runs.create(organisationId, await new MigrationStore(prisma).create(organisationId, definition)))!;
  await prisma.run.update({ where: { id: run.id }, data: { phase: 'Running' } });
  const volume = (name: string, data = {}) =>
    prisma.volume.create({
      data: { runId: run.id, namespace: 'shop', targetNamespace: 'shop', name, capacityBytes: VOLUME_BYTES, source: {}, ...data },
    });
  const [first, second] = [await volume('first'), await volume('second', { skipReason: 'not yet' })];
  await prisma.step.create({ data: { runId: run.id, name: 'preflight', state: 'Succeeded' } });
  for (const { id: item } of [first, second]) {
    await prisma.step.create({ data: { runId: run.id, name: 'snapshot-volume', item, state: 'Succeeded' } });
  }
  return { run, first, second };
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const giveUp = Date.now() + 10_000; Date.now() < giveUp; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error('it did not come');
}

test('a copy is told to give a stream back, says that it did, and the volume that waited gets it', async () => {
  const { run, first, second } = await startRun();
  const orders = new StreamOrders(runs, archives, new PostgresStepLedger(prisma), doorbell);
  const [relaying, ended] = [Promise.withResolvers<StreamRelay>(), Promise.withResolvers<void>()];
  const advances = new AdvanceStore(prisma);
  const onError = (error: unknown) => {
    throw error;
  };
  const advancer = new AdvanceWorker({
    redis,
    concurrency: 1,
    advance: async (id) => void (await advances.advance(id)),
    onError,
  });
  const worker = new StepWorker({
    queue: QUEUES.copy,
    concurrency: 1,
    workerName: 'worker',
    ledger: new PostgresStepLedger(prisma),
    redis,
    handlers: {
      'copy-volume': async (context) => {
        relaying.resolve(orders.relay(context, run, 'copy'));
        await ended.promise;
        return undefined;
      },
    },
    onEnd: async () => {},
    onError,
  });
  try {
    await doorbell.ringAdvance(run.id);
    const step = await until(
      async () => (await prisma.step.findFirst({ where: { name: 'copy-volume', runId: run.id } })) ?? undefined,
    );
    expect(step).toMatchObject({ item: first.id, streams: 2, streamsHeld: 2, streamOrder: 0 });
    await doorbell.ringStep(QUEUES.copy, { stepId: step.id, attempt: 1 });
    const relay = await relaying.promise;
    const says = (streams: number, streamOrder: number) =>
      relay.onProgress({ type: 'progress', bytesDone: 0, filesDone: 0, storedBytes: 0, streams, streamOrder });
    says(2, 0);

    await prisma.volume.update({ where: { id: second.id }, data: { skipReason: null } });
    await doorbell.ringAdvance(run.id);
    const key = streamOrderKey(volumePrefix(run.id, first.id), 'copy');
    const sealed = await until(() => archives.use(run, (store) => store.get(key)).catch(() => undefined));
    expect(JSON.parse(openBlob(await runs.openArchiveKey(run.id), key, sealed).toString())).toEqual({ order: 1, streams: 1 });

    const started = { name: 'copy-volume', item: second.id, runId: run.id };
    expect(await prisma.step.count({ where: started })).toBe(0);
    says(2, 1);
    says(1, 1);
    expect(await until(async () => (await prisma.step.findFirst({ where: started })) ?? undefined)).toMatchObject({ streams: 1 });
    await relay.stop();
  } finally {
    ended.resolve();
    await Promise.all([worker.stop(), advancer.stop()]);
    await archives.use(run, (store) => store.deletePrefix('runs'));
  }
}, 30_000);
