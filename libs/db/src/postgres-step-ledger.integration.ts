import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import type { Prisma } from './generated/client.ts';
import { PostgresStepLedger } from './postgres-step-ledger.ts';
import { PrismaService } from './prisma.service.ts';

const REPORT = { kind: 'retryable', reason: 'Timeout', message: 'it took too long' } as const;

let database: TestDatabase;
let prisma: PrismaService;
let ledger: PostgresStepLedger;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  ledger = new PostgresStepLedger(prisma);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

async function readyStep(values: Partial<Prisma.StepUncheckedCreateInput> = {}): Promise<{ id: string; runId: string }> {
  const run = await createTestRun(prisma);
  return prisma.step.create({ data: { runId: run.id, name: 'preflight', ...values } });
}

async function claimedStep(values: Partial<Prisma.StepUncheckedCreateInput> = {}) {
  const claimed = await ledger.claim((await readyStep(values)).id, 1, 'first');
  if (!claimed) throw new Error('the step was not claimed');
  return claimed;
}

/** As advance does with a lease that ran out. */
async function reclaim(id: string): Promise<void> {
  await prisma.step.update({ where: { id }, data: { state: 'Ready', attempt: 2, leaseUntil: null, worker: null } });
}

const rowOf = (id: string) => prisma.step.findUniqueOrThrow({ where: { id }, include: { attempts: true, run: true } });

test('of many that claim a step at once, one gets it', async () => {
  const { id, runId } = await readyStep();
  const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => ledger.claim(id, 1, `worker-${index}`)));
  expect(claims.filter(Boolean)).toEqual([{ id, runId, name: 'preflight', item: '', attempt: 1 }]);
  const row = await rowOf(id);
  expect(row).toMatchObject({ state: 'Running', worker: `worker-${claims.findIndex(Boolean)}`, startedAt: expect.any(Date) });
  expect(row.leaseUntil!.getTime()).toBeGreaterThan(Date.now());
  expect(row.attempts).toMatchObject([{ attempt: 1, worker: row.worker, outcome: null, finishedAt: null }]);
});

test('a message of an attempt that is over claims nothing', async () => {
  const { id } = await readyStep({ attempt: 2 });
  expect(await ledger.claim(id, 1, 'late')).toBeUndefined();
  expect(await rowOf(id)).toMatchObject({ state: 'Ready', attempt: 2, worker: null, attempts: [] });
  expect(await ledger.claim(id, 2, 'right')).toMatchObject({ id, attempt: 2 });
});

test('is not claimed before its time', async () => {
  const { id } = await readyStep();
  const isDue = async (ms: number) => {
    await prisma.step.update({ where: { id }, data: { notBefore: new Date(Date.now() + ms) } });
  };
  await isDue(60_000);
  expect(await ledger.claim(id, 1, 'early')).toBeUndefined();
  await isDue(-1);
  expect(await ledger.claim(id, 1, 'in time')).toMatchObject({ id });
});

test('the holder of an earlier attempt changes nothing any more', async () => {
  const old = await claimedStep();
  await reclaim(old.id);
  expect(await ledger.claim(old.id, 2, 'second')).toMatchObject({ attempt: 2 });
  const before = await rowOf(old.id);

  expect(await ledger.renew(old)).toEqual({ state: 'lost' });
  await ledger.confirmStreams(old, 0, 1);
  expect(await ledger.finish(old, { state: 'Failed', error: REPORT })).toBe(false);
  await ledger.release(old);

  const { run: _before, ...step } = before;
  expect(await rowOf(old.id)).toMatchObject(step);
});

test('renewing makes the lease longer', async () => {
  const step = await claimedStep();
  await prisma.step.update({ where: { id: step.id }, data: { leaseUntil: new Date(Date.now() + 100) } });
  expect(await ledger.renew(step)).toEqual({ state: 'held' });
  expect((await rowOf(step.id)).leaseUntil!.getTime()).toBeGreaterThan(Date.now() + 5_000);
});

test.each([
  ['is to be cancelled', { cancelRequestedAt: new Date() }],
  ['is held', { phase: 'Held' }],
  ['is finishing', { phase: 'Finishing', outcome: 'Failed' }],
] as const)('a step of a run that %s is told to stop, but not its cleanup', async (_, change) => {
  const step = await claimedStep();
  const cleanup = await claimedStep({ name: 'cleanup' });
  await prisma.run.updateMany({ where: { id: { in: [step.runId, cleanup.runId] } }, data: change });
  expect(await ledger.renew(step)).toMatchObject({ state: 'run-ends' });
  expect(await ledger.renew(cleanup)).toMatchObject({ state: 'held' });
});

test('what starts the source again after a cut-over that failed is not stopped with it; of a rollback that is cancelled it is', async () => {
  const step = await claimedStep({ name: 'resume-source' });
  const inRun = async (data: object) => {
    await prisma.run.update({ where: { id: step.runId }, data });
    return (await ledger.renew(step)).state;
  };
  expect(await inRun({ kind: 'CutOver', phase: 'Finishing' })).toBe('held');
  expect(await inRun({ kind: 'Rollback', phase: 'Running', cancelRequestedAt: new Date() })).toBe('run-ends');
});

test('the end of a step is kept with its attempt, and the run may go on', async () => {
  const step = await claimedStep();
  expect(await ledger.finish(step, { state: 'Failed', error: REPORT })).toBe(true);
  expect(await rowOf(step.id)).toMatchObject({
    state: 'Failed',
    failures: 1,
    error: REPORT,
    leaseUntil: null,
    finishedAt: expect.any(Date),
    run: { advanceRequestedAt: expect.any(Date) },
  });

  await reclaim(step.id);
  const second = (await ledger.claim(step.id, 2, 'second'))!;
  expect(await ledger.finish(second, { state: 'Succeeded', output: { objects: 3 } })).toBe(true);
  const { attempts, ...row } = await rowOf(step.id);
  expect(row).toMatchObject({ state: 'Succeeded', failures: 1, output: { objects: 3 }, error: null });
  expect(attempts.toSorted((a, b) => a.attempt - b.attempt)).toMatchObject([
    { attempt: 1, worker: 'first', outcome: 'Failed', error: REPORT, finishedAt: expect.any(Date) },
    { attempt: 2, worker: 'second', outcome: 'Succeeded', error: null, finishedAt: expect.any(Date) },
  ]);
  expect(await ledger.finish(second, { state: 'Failed', error: REPORT })).toBe(false);
});

test('a holder learns of its streams, and what its mover gave back is free', async () => {
  const data = { name: 'copy-volume', item: 'a', streams: 2, streamOrder: 3, streamsHeld: 4 };
  const step = await claimedStep(data);
  const streams = { told: 2, order: 3, held: 4 };
  expect(step).toMatchObject({ streams });
  expect(await ledger.renew(step)).toEqual({ state: 'held', streams });

  await ledger.confirmStreams(step, 2, 1); // of an order that is not the last any more
  expect(await ledger.renew(step)).toMatchObject({ streams });
  expect(await rowOf(step.id)).toMatchObject({ run: { advanceRequestedAt: expect.any(Date) } });
  await ledger.confirmStreams(step, 3, 3);
  expect(await ledger.renew(step)).toMatchObject({ streams: { told: 2, order: 3, held: 3 } });
  await ledger.confirmStreams(step, 3, 1); // it was told 2, and may take the second at any time
  expect(await ledger.renew(step)).toMatchObject({ streams: { told: 2, order: 3, held: 2 } });
});

test('while a run is paused a step that moves data is not to be had, unless its mover may be running', async () => {
  const data = { name: 'copy-volume', item: 'a', streams: 2, streamsHeld: 2 };
  const [fresh, begun, other] = [await readyStep(data), await readyStep({ ...data, startedAt: new Date() }), await readyStep()];
  await prisma.run.updateMany({
    where: { id: { in: [fresh.runId, begun.runId, other.runId] } },
    data: { pausedAt: new Date() },
  });
  expect(await ledger.claim(fresh.id, 1, 'worker')).toBeUndefined();
  expect(await ledger.claim(other.id, 1, 'worker')).not.toHaveProperty('stop');
  const claimed = (await ledger.claim(begun.id, 1, 'worker'))!;
  expect(claimed).toMatchObject({ stop: 'paused' });
  expect(await ledger.renew(claimed)).toMatchObject({ state: 'paused' });
  await ledger.release(claimed, { isStopped: true });
  expect(await ledger.claim(begun.id, 2, 'worker')).toBeUndefined();

  await prisma.run.update({ where: { id: begun.runId }, data: { pausedAt: null } });
  expect(await ledger.claim(begun.id, 2, 'worker')).toMatchObject({ streams: { told: 2, held: 2 } });
  expect(await rowOf(begun.id)).toMatchObject({ streamsHeld: 2, failures: 0, losses: 0 });
});

test('a step that is given back can be taken at once', async () => {
  const step = await claimedStep();
  await ledger.release(step);
  expect(await rowOf(step.id)).toMatchObject({
    state: 'Ready',
    attempt: 2,
    failures: 0,
    worker: null,
    leaseUntil: null,
    run: { advanceRequestedAt: expect.any(Date) },
    attempts: [{ attempt: 1, outcome: 'Released', finishedAt: expect.any(Date) }],
  });
  expect(await ledger.claim(step.id, 2, 'second')).toMatchObject({ attempt: 2 });
});
