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

test('a worker that has lost its step does not write over what another one has told since', async () => {
  const { id: runId } = await createTestRun(prisma);
  await store.ensure(runId, [volume('data')]);
  const [{ id: item } = { id: '' }] = await store.list(runId);
  const late = await prisma.step.create({ data: { runId, name: 'copy-volume', item, state: 'Running' } });
  const progress = (bytesDone: number) => ({ bytesDone, filesDone: 1, storedBytes: 1 });
  await store.saveProgress(late, 'copy', progress(1));
  expect((await store.get(item)).copy).toEqual(progress(1));
  // It is suspended; another worker takes the step, and ends it.
  const holder = await prisma.step.update({ where: { id: late.id }, data: { attempt: { increment: 1 } } });
  const end = { ...progress(9), digest: 'd1' };
  await expect(store.saveProgress(late, 'copy', progress(2))).rejects.toMatchObject({ kind: 'retryable', reason: 'StepLost' });
  await store.saveProgress(holder, 'copy', end);
  await prisma.step.update({ where: { id: late.id }, data: { state: 'Succeeded' } });
  for (const writer of [late, holder])
    await expect(store.saveProgress(writer, 'copy', progress(3))).rejects.toMatchObject({ reason: 'StepLost' });
  expect((await store.get(item)).copy).toEqual(end);
});

test('progress that waits for a step to be taken away is not written', async () => {
  const { id: runId } = await createTestRun(prisma);
  await store.ensure(runId, [volume('data')]);
  const [{ id: item } = { id: '' }] = await store.list(runId);
  const step = await prisma.step.create({ data: { runId, name: 'restore-volume', item, state: 'Running' } });
  let saving: Promise<unknown> = Promise.resolve();
  await prisma.$transaction(async (transaction) => {
    await transaction.step.update({ where: { id: step.id }, data: { attempt: { increment: 1 } } });
    saving = store.saveProgress(step, 'restore', { bytesDone: 1, filesDone: 1, storedBytes: 1 }).catch((error) => error);
    await isWaiting();
  });
  expect(await saving).toMatchObject({ reason: 'StepLost' });
  expect((await store.get(item)).restore).toBeUndefined();
});

/** Ends when somebody waits for a lock in this database. */
async function isWaiting(): Promise<void> {
  const waiting = () => prisma.$queryRaw<unknown[]>`
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await waiting()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
