import { randomBytes, randomUUID } from 'node:crypto';
import { Sealer } from '@godwit/service-kit/sealer';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { PrismaService } from './prisma.service.ts';
import { RunStore } from './run-store.ts';

let database: TestDatabase;
let prisma: PrismaService;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

test('of two runs that leave a cluster at the same time, the later one finds no other there', async () => {
  const runs = new RunStore(prisma, new Sealer(randomBytes(32)));
  const clusterId = randomUUID();
  const first = await createTestRun(prisma, { sourceClusterId: clusterId });
  const second = await createTestRun(prisma, { destClusterId: clusterId });
  expect(await runs.countOthersOn(clusterId, first.id)).toBe(1);
  await runs.leaveCluster(clusterId, first.id);
  await runs.leaveCluster(clusterId, first.id);
  expect(await runs.countOthersOn(clusterId, first.id)).toBe(1);
  // The first one has not finished yet: only its word tells.
  expect(await runs.countOthersOn(clusterId, second.id)).toBe(0);
  // It left this cluster, and is still on its other one.
  expect(await runs.countOthersOn(first.destClusterId ?? '', second.id)).toBe(1);
});

test('a preview or a rollback keeps no place of ours on a cluster, so a migration that leaves it is the last', async () => {
  const runs = new RunStore(prisma, new Sealer(randomBytes(32)));
  const clusterId = randomUUID();
  const migration = await createTestRun(prisma, { sourceClusterId: clusterId });
  await createTestRun(prisma, { sourceClusterId: clusterId, kind: 'Preview' });
  await createTestRun(prisma, { destClusterId: clusterId, kind: 'Rollback' });
  expect(await runs.countOthersOn(clusterId, migration.id)).toBe(0);
});
