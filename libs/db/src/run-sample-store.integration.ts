import type { TransferProgress } from '@godwit/contracts/run';
import type { VolumeSource } from '@godwit/contracts/volume-source';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun, saveTestProgress } from '../../../tools/testing/test-run.ts';
import { PrismaService } from './prisma.service.ts';
import { RunSampleStore } from './run-sample-store.ts';
import { VolumeStore } from './volume-store.ts';

let database: TestDatabase;
let prisma: PrismaService;
let store: RunSampleStore;
let volumes: VolumeStore;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  store = new RunSampleStore(prisma);
  volumes = new VolumeStore(prisma);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

const progress = (bytesDone: number): TransferProgress => ({ bytesDone, filesDone: 1, storedBytes: 1 });

async function runWith(state: 'Running' | 'Succeeded') {
  const { id } = await createTestRun(prisma);
  const planned = ['a', 'b', 'left-out'].map((name) => ({
    namespace: 'shop',
    name,
    targetNamespace: 'shop',
    capacityBytes: 1,
    source: {} as VolumeSource,
    ...(name === 'left-out' ? { skipReason: 'excluded' } : {}),
  }));
  await volumes.ensure(id, planned);
  const [a, b] = await volumes.list(id);
  await prisma.step.create({ data: { runId: id, name: 'copy-volume', item: a!.id, state } });
  await saveTestProgress(prisma, a!.id, 'copy', progress(3_000_000_000));
  await saveTestProgress(prisma, b!.id, 'copy', progress(1_000_000_000));
  await saveTestProgress(prisma, a!.id, 'restore', progress(5));
  return id;
}

test('of each run that moves data, and of no other, there is one sample for each few seconds, however many ask for it', async () => {
  const [moving, idle] = [await runWith('Running'), await runWith('Succeeded')];
  const before = Date.now();
  await Promise.all(Array.from({ length: 8 }, () => store.record()));
  const samples = await store.list(moving);
  // The few seconds may just have begun anew.
  expect([1, 2]).toContain(samples.length);
  for (const { at, ...sample } of samples) {
    expect(sample).toMatchObject({ copyBytes: 4_000_000_000, restoreBytes: 5 });
    expect(at.getTime() % 5_000).toBe(0);
  }
  expect(await store.list(idle)).toEqual([]);
  expect([...(await store.since([moving, idle], new Date(before - 10_000))).keys()]).toEqual([moving]);
  expect(await store.since([moving], new Date(before + 60_000))).toEqual(new Map());
});

test.each([
  [700, 350],
  [5_000, 150],
])('of %d samples of a run at most 600 are left, evenly, with all of the last minutes', async (count, least) => {
  const { id } = await createTestRun(prisma);
  const end = Math.floor(Date.now() / 5_000) * 5_000;
  const at = (index: number) => new Date(end - (count - 1 - index) * 5_000);
  const data = Array.from({ length: count }, (_, index) => ({ runId: id, at: at(index), copyBytes: index, restoreBytes: 0 }));
  await prisma.runSample.createMany({ data });
  await store.thin();
  const left = await store.list(id);
  expect(left.length).toBeLessThanOrEqual(600);
  expect(left.length).toBeGreaterThan(least);
  expect(left.slice(-30)).toMatchObject(data.slice(-30).map(({ copyBytes }) => ({ copyBytes })));
  const gaps = left.slice(1, -40).map((sample, before) => sample.at.getTime() - left[before]!.at.getTime());
  expect(new Set(gaps).size).toBe(1);
  await store.thin();
  expect(await store.list(id)).toEqual(left);
});
