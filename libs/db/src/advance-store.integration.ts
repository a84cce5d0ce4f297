import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';
import { AdvanceStore } from './advance-store.ts';
import type { Prisma } from './generated/client.ts';
import { PostgresStepLedger } from './postgres-step-ledger.ts';
import { PrismaService } from './prisma.service.ts';
import { RunControlStore } from './run-control-store.ts';

const MINUTE = 60_000;
const REPORT = { kind: 'fatal', reason: 'Forbidden', message: 'may not list pods' } as const;

let database: TestDatabase;
let prisma: PrismaService;
let store: AdvanceStore;
let ledger: PostgresStepLedger;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  store = new AdvanceStore(prisma);
  ledger = new PostgresStepLedger(prisma);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

const ago = (ms: number) => new Date(Date.now() - ms);
const addStep = (runId: string, values: Partial<Prisma.StepUncheckedCreateInput> = {}) =>
  prisma.step.create({ data: { runId, name: 'preflight', ...values } });
const stepsOf = (runId: string) => prisma.step.findMany({ where: { runId }, orderBy: [{ name: 'asc' }, { item: 'asc' }] });
const runOf = (id: string) => prisma.run.findUniqueOrThrow({ where: { id } });

test('many calls at once make each step once', async () => {
  const run = await createTestRun(prisma, { advanceRequestedAt: new Date() });
  const source = {};
  await prisma.volume.createMany({
    data: ['a', 'b', 'c'].map((name) => ({
      runId: run.id,
      namespace: 'shop',
      targetNamespace: 'shop',
      name,
      capacityBytes: 1n,
      source,
    })),
  });
  await addStep(run.id, { state: 'Succeeded' });
  // Opens the connections, so that all calls begin at once.
  await Promise.all(Array.from({ length: 10 }, () => prisma.$queryRaw`SELECT 1 FROM pg_sleep(0.1)`));
  const answers = await Promise.all(Array.from({ length: 10 }, () => store.advance(run.id)));
  expect(answers.flatMap((answer) => answer!.commands)).toHaveLength(4);
  expect((await stepsOf(run.id)).map((step) => step.name)).toEqual([
    'capture-resources',
    'preflight',
    'snapshot-volume',
    'snapshot-volume',
    'snapshot-volume',
  ]);
  for (const answer of answers) expect(answer!.ready).toHaveLength(4);
  expect((await runOf(run.id)).advanceRequestedAt).toBeNull();
});

test('takes a step from a worker whose lease ran out', async () => {
  const run = await createTestRun(prisma);
  const { id } = await addStep(run.id);
  await ledger.claim(id, 1, 'dead');
  expect(await store.advance(run.id)).toMatchObject({ commands: [], ready: [] });
  await prisma.step.update({ where: { id }, data: { leaseUntil: ago(1) } });

  expect(await store.advance(run.id)).toMatchObject({
    commands: [{ type: 'reclaim-step', stepId: id }],
    ready: [{ id, name: 'preflight', attempt: 2 }],
  });
  expect(await stepsOf(run.id)).toMatchObject([{ state: 'Ready', attempt: 2, failures: 0, worker: null, leaseUntil: null }]);
  expect(await prisma.attempt.findMany({ where: { stepId: id } })).toMatchObject([
    { attempt: 1, worker: 'dead', outcome: 'Lost', finishedAt: expect.any(Date) },
  ]);
  expect(await ledger.claim(id, 2, 'other')).toMatchObject({ attempt: 2 });
});

test('a cancelled run ends its steps, cleans up and is finished', async () => {
  const run = await createTestRun(prisma, { cancelRequestedAt: new Date() });
  const { id } = await addStep(run.id);
  const advanced = await store.advance(run.id);
  expect(advanced!.commands.map((command) => command.type)).toEqual(['begin-finishing', 'cancel-step', 'create-step']);
  expect(await runOf(run.id)).toMatchObject({ phase: 'Finishing', outcome: 'Cancelled', error: null, finishedAt: null });
  const [cleanup, cancelled] = await stepsOf(run.id);
  expect(cleanup).toMatchObject({ name: 'cleanup', state: 'Ready' });
  expect(cancelled).toMatchObject({ id, state: 'Cancelled', finishedAt: expect.any(Date) });
  expect(await ledger.claim(id, 1, 'late')).toBeUndefined();

  const held = (await ledger.claim(cleanup!.id, 1, 'worker'))!;
  await ledger.finish(held, { state: 'Succeeded' });
  expect(await store.advance(run.id)).toEqual({
    commands: [{ type: 'finish', phase: 'Cancelled', error: undefined }],
    ready: [],
  });
  expect(await runOf(run.id)).toMatchObject({ phase: 'Cancelled', outcome: 'Cancelled', finishedAt: expect.any(Date) });
});

test('a run fails with the error of its step, and keeps it over a cleanup that goes well', async () => {
  const run = await createTestRun(prisma);
  const { id } = await addStep(run.id);
  await ledger.finish((await ledger.claim(id, 1, 'worker'))!, { state: 'Failed', error: REPORT });
  await store.advance(run.id);
  expect(await runOf(run.id)).toMatchObject({ phase: 'Finishing', outcome: 'Failed', error: REPORT, finishedAt: null });

  const [cleanup] = await stepsOf(run.id);
  await ledger.finish((await ledger.claim(cleanup!.id, 1, 'worker'))!, { state: 'Succeeded' });
  await store.advance(run.id);
  expect(await runOf(run.id)).toMatchObject({ phase: 'Failed', outcome: 'Failed', error: REPORT, finishedAt: expect.any(Date) });
});

test('of two steps that failed before anybody looked, the run tells of the first', async () => {
  const run = await createTestRun(prisma);
  const failed = (name: string, ms: number, message: string) =>
    addStep(run.id, { name, state: 'Failed', finishedAt: ago(ms), error: { ...REPORT, message } });
  await failed('capture-resources', 1_000, 'later');
  await failed('preflight', 2_000, 'first');
  await store.advance(run.id);
  expect(await runOf(run.id)).toMatchObject({ error: { message: 'first' } });
});

test('a run that is held keeps its error and what is done, and goes on from the failed step when it is asked to', async () => {
  const run = await createTestRun(prisma);
  await addStep(run.id, { state: 'Succeeded' });
  const { id } = await addStep(run.id, { name: 'capture-resources' });
  await ledger.finish((await ledger.claim(id, 1, 'worker'))!, { state: 'Failed', error: REPORT });
  const webhook = await prisma.webhook.create({
    data: {
      organisationId: run.organisationId,
      name: 'pager',
      url: 'https://a.example',
      phases: ['Held'],
      sealedSigningKey: new Uint8Array(1),
    },
  });
  expect((await store.advance(run.id))!.commands.map(({ type }) => type)).toEqual(['hold']);
  expect(await prisma.webhookDelivery.findMany({ where: { webhookId: webhook.id } })).toMatchObject([
    { runId: run.id, phase: 'Held', body: { type: 'run.held', data: { phase: 'Held', error: REPORT } } },
  ]);
  const held = await runOf(run.id);
  expect(held).toMatchObject({ phase: 'Held', outcome: null, error: REPORT });
  expect(held.heldUntil!.getTime()).toBeGreaterThan(Date.now() + 59 * MINUTE);

  const controls = new RunControlStore(prisma);
  const ask = () => controls.requestRetry(run.organisationId, run.id);
  expect([await controls.requestRetry(randomUUID(), run.id), await ask(), await ask()]).toEqual([false, true, false]);
  const advanced = (await store.advance(run.id))!;
  expect(advanced.commands.map(({ type }) => type)).toEqual(['resume', 'retry-step']);
  expect(advanced.ready).toMatchObject([{ id, attempt: 3 }]);
  expect(await runOf(run.id)).toMatchObject({ phase: 'Running', error: null, heldUntil: null, retryRequestedAt: null });
  const [captured, preflight] = await stepsOf(run.id);
  expect(captured).toMatchObject({ state: 'Ready', failures: 0, error: null });
  expect(preflight).toMatchObject({ state: 'Succeeded', attempt: 1 });
});

test('a run that is held is given up at its time, and when it is cancelled', async () => {
  const late = await createTestRun(prisma, { phase: 'Held', error: REPORT, heldUntil: ago(1) });
  const cancelled = await createTestRun(prisma, { phase: 'Held', error: REPORT, heldUntil: new Date(Date.now() + MINUTE) });
  expect((await store.advance(cancelled.id))!.commands).toEqual([]);
  await prisma.run.update({ where: { id: cancelled.id }, data: { cancelRequestedAt: new Date() } });
  for (const { id } of [late, cancelled]) {
    await store.advance(id);
    expect(await runOf(id)).toMatchObject({ phase: 'Finishing', outcome: 'Failed', error: REPORT });
  }
});

test('while a run is paused nobody is rung for its data, unless a mover is to be stopped', async () => {
  const run = await createTestRun(prisma, { pausedAt: new Date() });
  const copy = { name: 'copy-volume', streams: 1, streamsHeld: 1, notBefore: ago(MINUTE) };
  await prisma.volume.createMany({
    data: ['a', 'b'].map((name) => ({
      runId: run.id,
      namespace: 'shop',
      targetNamespace: 'shop',
      name,
      capacityBytes: 1n,
      source: {},
      id: name.repeat(8).concat('-0000-4000-8000-000000000000'),
    })),
  });
  const volumes = await prisma.volume.findMany({ where: { runId: run.id }, orderBy: { name: 'asc' } });
  await addStep(run.id, { state: 'Succeeded' });
  await addStep(run.id, { name: 'capture-resources', state: 'Succeeded' });
  for (const { id: item } of volumes) await addStep(run.id, { name: 'snapshot-volume', item, state: 'Succeeded' });
  const fresh = await addStep(run.id, { ...copy, item: volumes[0]!.id });
  const begun = await addStep(run.id, { ...copy, item: volumes[1]!.id, startedAt: ago(MINUTE), streamsHeld: 0 });
  expect(await store.advance(run.id)).toEqual({ commands: [], ready: [] });
  expect(await store.findUnheard(10_000)).not.toContain(run.id);
  await prisma.step.update({ where: { id: begun.id }, data: { streamsHeld: 1 } });
  expect((await store.advance(run.id))!.ready).toMatchObject([{ id: begun.id }]);
  expect(await store.findUnheard(10_000)).toContain(run.id);
  await prisma.step.update({ where: { id: begun.id }, data: { streamsHeld: 0 } });
  await prisma.run.update({ where: { id: run.id }, data: { pausedAt: null } });
  expect((await store.advance(run.id))!.ready.map(({ id }) => id).toSorted()).toEqual([fresh.id, begun.id].toSorted());
  expect(await store.findUnheard(10_000)).toContain(run.id);
});

test('finds the runs whose bell nobody heard, and no others', async () => {
  await prisma.run.deleteMany();
  const later = new Date(Date.now() + MINUTE);
  const asked = await createTestRun(prisma, { advanceRequestedAt: ago(MINUTE) });
  const finishing = await createTestRun(prisma, { phase: 'Finishing', advanceRequestedAt: ago(MINUTE) });
  const waiting = await createTestRun(prisma);
  await addStep(waiting.id, { notBefore: ago(MINUTE) });
  const lost = await createTestRun(prisma);
  await addStep(lost.id, { state: 'Running', leaseUntil: ago(1) });

  await createTestRun(prisma);
  await createTestRun(prisma, { advanceRequestedAt: new Date() });
  await createTestRun(prisma, { phase: 'Failed', advanceRequestedAt: ago(MINUTE) });
  const calm = await createTestRun(prisma);
  await addStep(calm.id, { name: 'preflight', state: 'Succeeded', notBefore: ago(MINUTE) });
  await addStep(calm.id, { name: 'capture-resources', state: 'Running', notBefore: ago(MINUTE), leaseUntil: later });
  await addStep(calm.id, { name: 'copy-volume', state: 'Ready', notBefore: later });
  const justNow = await createTestRun(prisma);
  await addStep(justNow.id);

  const late = await createTestRun(prisma, { phase: 'Held', heldUntil: ago(1) });
  await createTestRun(prisma, { phase: 'Held', heldUntil: later });

  expect((await store.findUnheard(10_000)).toSorted()).toEqual([asked.id, finishing.id, waiting.id, lost.id, late.id].toSorted());
});

test('a run that is gone is nothing to advance', async () => {
  expect(await store.advance(randomUUID())).toBeUndefined();
});
