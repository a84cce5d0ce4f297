import type { VolumeSource } from '@godwit/contracts/volume-source';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { PrismaService } from './prisma.service.ts';
import { type NewVolume, VolumeStore } from './volume-store.ts';

let database: TestDatabase;
let prisma: PrismaService;
let store: VolumeStore;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  store = new VolumeStore(prisma);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

const volume = (name: string, more: Partial<NewVolume> = {}): NewVolume => ({
  namespace: 'shop',
  name,
  targetNamespace: 'store',
  capacityBytes: 2 ** 30,
  source: {} as VolumeSource,
  ...more,
});

test('a preflight that runs again replaces what it planned; what is planned again keeps its id', async () => {
  const { id } = await createTestRun(prisma);
  await store.ensure(id, [volume('data'), volume('logs', { skipReason: 'it exists' })]);
  const [data] = await store.list(id);
  await store.ensure(id, [volume('cache'), volume('data', { capacityBytes: 2 ** 31, skipReason: 'it exists now' })]);
  const after = await store.list(id);
  expect(after.map(({ name, capacityBytes, skipReason }) => [name, capacityBytes, skipReason])).toEqual([
    ['cache', 2 ** 30, undefined],
    ['data', 2 ** 31, 'it exists now'],
  ]);
  expect(after[1]?.id).toBe(data?.id);
});

test('once preflight has succeeded, one that comes late changes nothing', async () => {
  const { id } = await createTestRun(prisma);
  await store.ensure(id, [volume('data')]);
  await prisma.step.create({ data: { runId: id, name: 'preflight', state: 'Succeeded' } });
  const before = await store.list(id);
  await store.ensure(id, [volume('other')]);
  expect(await store.list(id)).toEqual(before);
});

test('the volumes of other runs stay', async () => {
  const [one, other] = [await createTestRun(prisma), await createTestRun(prisma)];
  await store.ensure(one.id, [volume('data')]);
  await store.ensure(other.id, [volume('data')]);
  await store.ensure(one.id, []);
  expect(await store.list(one.id)).toEqual([]);
  expect(await store.list(other.id)).toHaveLength(1);
});
