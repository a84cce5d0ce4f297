import { randomBytes } from 'node:crypto';
import { Sealer } from '@godwit/service-kit/sealer';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { PrismaService } from './prisma.service.ts';
import { type RunObject, RunObjectStore } from './run-object-store.ts';

const sealer = new Sealer(randomBytes(32));

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
  const store = new RunObjectStore(prisma, sealer);
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

test('what an object was before the run is kept from the first attempt, sealed, and read back', async () => {
  const store = new RunObjectStore(prisma, sealer);
  const { id } = await createTestRun(prisma);
  const before = (password: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { password } });
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 's', outcome: 'Updated' } as const;
  await store.record(id, [{ ...secret, previous: before('first') }, configMap('other', 'Created')]);
  await store.record(id, [{ ...secret, previous: before('second') }]);

  expect(await store.previous(id, secret)).toEqual(before('first'));
  expect(await store.previous(id, configMap('other', 'Created'))).toBeUndefined();
  const row = await prisma.runObject.findFirstOrThrow({ where: { runId: id, name: 's' } });
  expect(JSON.stringify({ ...row, sealedPrevious: Buffer.from(row.sealedPrevious!).toString('latin1') })).not.toContain('first');
});
