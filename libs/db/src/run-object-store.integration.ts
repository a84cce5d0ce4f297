import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { PrismaService } from './prisma.service.ts';
import { type RunObject, RunObjectStore } from './run-object-store.ts';

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

const configMap = (name: string, outcome: RunObject['outcome']): RunObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'shop',
  name,
  outcome,
});
const names = Array.from({ length: 100 }, (_, index) => `settings-${String(index).padStart(3, '0')}`);

test('two calls with the same objects in opposite order both succeed', async () => {
  const store = new RunObjectStore(prisma);
  const { id } = await createTestRun(prisma);
  await store.record(
    id,
    names.map((name) => configMap(name, 'Failed')),
  );
  for (let round = 0; round < 3; round++) {
    await Promise.all([
      store.record(
        id,
        names.map((name) => configMap(name, 'Created')),
      ),
      store.record(
        id,
        names.toReversed().map((name) => configMap(name, 'Created')),
      ),
    ]);
  }
  expect(await store.countByOutcome(id)).toEqual({ Created: 100 });
  expect((await store.list(id)).map((object) => object.name)).toEqual(names);
});
