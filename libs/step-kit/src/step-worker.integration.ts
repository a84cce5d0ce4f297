import { setTimeout as sleep } from 'node:timers/promises';
import { DeclinedError, FatalError, RetryableError } from '@godwit/contracts/errors';
import { QUEUES } from '@godwit/contracts/queues';
import type { Prisma } from '@godwit/db/generated/client';
import { PostgresStepLedger } from '@godwit/db/postgres-step-ledger';
import { PrismaService } from '@godwit/db/prisma.service';
import type { StepEnd } from '@godwit/pipeline/step-ledger';
import { Doorbell } from '@godwit/queue/doorbell';
import { RedisService } from '@godwit/queue/redis';
import { type StepHandler, StepStopped, StepWorker } from '@godwit/queue/step-worker';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, need, type TestDatabase } from '../../../tools/testing/test-database.ts';
import { createTestRun } from '../../../tools/testing/test-run.ts';

/** Of Redis, which the services' tests share: one that no other test takes. */
const REDIS_DATABASE = 14;

let database: TestDatabase;
let prisma: PrismaService;
let redis: RedisService;
let doorbell: Doorbell;
let worker: StepWorker;
let handler: StepHandler;
/** What was taken away of steps that stopped. */
let takenAway: string[];
let takeAway: () => Promise<void>;
let ends: (StepEnd | undefined)[];
let errors: unknown[];

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = new PrismaService(database.url);
  const url = new URL(need('GODWIT_TEST_REDIS_URL'));
  url.pathname = `/${REDIS_DATABASE}`;
  redis = new RedisService(url.href);
  await redis.client.flushdb();
  doorbell = new Doorbell(redis);
});
afterAll(async () => {
  await doorbell?.onModuleDestroy();
  await redis?.onModuleDestroy();
  await prisma?.$disconnect();
  await database?.drop();
});

beforeEach(() => {
  [ends, errors, takenAway] = [[], [], []];
  takeAway = async () => {};
  worker = new StepWorker({
    queue: QUEUES.snapshot,
    concurrency: 2,
    workerName: 'worker',
    ledger: new PostgresStepLedger(prisma),
    handlers: { preflight: (context) => handler(context), 'copy-volume': (context) => handler(context) },
    stoppers: {
      'copy-volume': async ({ id }) => {
        takenAway.push(id);
        await takeAway();
      },
    },
    redis,
    onEnd: async (_step, end) => void ends.push(end),
    onError: (error) => errors.push(error),
  });
});
afterEach(async () => {
  await worker.stop();
  expect(errors).toEqual([]);
});

const rowOf = (id: string) => prisma.step.findUniqueOrThrow({ where: { id }, include: { attempts: true } });

async function until(condition: () => boolean): Promise<void> {
  for (const giveUp = Date.now() + 15_000; !condition(); await sleep(10))
    if (Date.now() > giveUp) throw new Error('it did not come');
}

async function newStep(notBefore = new Date()): Promise<{ id: string; runId: string }> {
  const { id: runId } = await createTestRun(prisma);
  return prisma.step.create({ data: { runId, name: 'preflight', notBefore } });
}

const ring = ({ id: stepId }: { id: string }, delayMs?: number) =>
  doorbell.ringStep(QUEUES.snapshot, { stepId, attempt: 1 }, delayMs);

/** A handler that works until it is told to stop. */
function workUntilStopped() {
  const [started, stopped] = [Promise.withResolvers<void>(), Promise.withResolvers<StepStopped>()];
  handler = ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        stopped.resolve(signal.reason);
        reject(signal.reason);
      });
      started.resolve();
    });
  return { started: started.promise, stopped: stopped.promise };
}

test('keeps what a handler gives back', async () => {
  handler = async ({ step }) => ({ did: step.name });
  const step = await newStep();
  await ring(step);
  await until(() => ends.length > 0);
  expect(ends).toEqual([{ state: 'Succeeded', output: { did: 'preflight' } }]);
  expect(await rowOf(step.id)).toMatchObject({ state: 'Succeeded', output: { did: 'preflight' }, worker: 'worker' });
});

test.each([
  ['a fatal error', new FatalError('Forbidden', 'may not list pods'), 'Failed', { kind: 'fatal', reason: 'Forbidden' }, 1],
  [
    'a declined one',
    new DeclinedError('NoVolumes', 'there is nothing to move'),
    'Skipped',
    { kind: 'declined', reason: 'NoVolumes' },
    0,
  ],
  ['any other', new TypeError('x is undefined'), 'Failed', { kind: 'retryable', message: 'x is undefined' }, 1],
] as const)('%s ends a step as it says', async (_, error, state, report, failures) => {
  handler = async () => {
    throw error;
  };
  const step = await newStep();
  await ring(step);
  await until(() => ends.length > 0);
  expect(await rowOf(step.id)).toMatchObject({ state, failures, error: report, attempts: [{ outcome: state, error: report }] });
});

test('a step that the service has no handler for fails for good', async () => {
  const step = await newStep();
  await prisma.step.update({ where: { id: step.id }, data: { name: 'verify' } });
  await ring(step);
  await until(() => ends.length > 0);
  expect(await rowOf(step.id)).toMatchObject({ state: 'Failed', error: { kind: 'fatal', reason: 'NoHandler' } });
});

test('stops within two seconds when the run is cancelled', async () => {
  const { started, stopped } = workUntilStopped();
  const step = await newStep();
  await ring(step);
  await started;
  const cancelledAt = Date.now();
  await prisma.run.update({ where: { id: step.runId }, data: { cancelRequestedAt: new Date() } });
  expect(await stopped).toMatchObject({ why: 'run-ends' });
  expect(Date.now() - cancelledAt).toBeLessThan(2_000);
  await until(() => ends.length > 0);
  expect(await rowOf(step.id)).toMatchObject({ state: 'Cancelled', attempts: [{ outcome: 'Cancelled' }] });
});

/** A step that moves data and whose mover may be using a stream. */
async function newCopy(run: Prisma.RunUpdateInput = {}): Promise<{ id: string; runId: string }> {
  const { id, runId } = await newStep();
  await prisma.run.update({ where: { id: runId }, data: run });
  return prisma.step.update({ where: { id }, data: { name: 'copy-volume', streams: 1, streamsHeld: 1, startedAt: new Date() } });
}

test('stops within two seconds when the run is paused, takes away what runs and gives the step back until it is resumed', async () => {
  const { started, stopped } = workUntilStopped();
  const step = await newCopy();
  await ring(step);
  await started;
  const pausedAt = Date.now();
  await prisma.run.update({ where: { id: step.runId }, data: { pausedAt: new Date() } });
  expect(await stopped).toMatchObject({ why: 'paused' });
  expect(Date.now() - pausedAt).toBeLessThan(2_000);
  await until(() => ends.length > 0);
  expect([takenAway, ends]).toEqual([[step.id], [undefined]]);
  expect(await rowOf(step.id)).toMatchObject({ state: 'Ready', attempt: 2, failures: 0, losses: 0, streamsHeld: 0 });
});

test.each([
  ['paused', { pausedAt: new Date() }, { state: 'Ready', attempt: 2, streamsHeld: 0 }],
  ['held', { phase: 'Held' }, { state: 'Cancelled', attempt: 1 }],
] as const)('of a run that was %s while its worker was gone, only what runs is taken away', async (_, run, row) => {
  handler = async () => ({ done: 'though it should not' });
  const step = await newCopy(run);
  await ring(step);
  await until(() => ends.length > 0);
  expect(takenAway).toEqual([step.id]);
  expect(await rowOf(step.id)).toMatchObject({ ...row, output: null });
});

test.each([
  [new FatalError('Forbidden', 'exceeded quota'), 1],
  [new RetryableError('Unavailable', 'the API server restarts'), 0],
])('what runs of a step that failed is taken away, unless it is tried again: %s', async (error, times) => {
  handler = () => Promise.reject(error);
  const step = await newCopy();
  await ring(step);
  await until(() => ends.length > 0);
  expect(takenAway).toHaveLength(times);
  expect(await rowOf(step.id)).toMatchObject({ state: 'Failed', failures: 1, error: { reason: error.reason } });
});

test('what could not be taken away is tried again after a while', async () => {
  takeAway = () => Promise.reject(new Error('the cluster does not answer'));
  const step = await newCopy({ pausedAt: new Date() });
  await ring(step);
  await until(() => ends.length > 0);
  const row = await rowOf(step.id);
  expect(row).toMatchObject({ state: 'Ready', attempt: 2, streamsHeld: 1 });
  expect(row.notBefore.getTime()).toBeGreaterThan(Date.now() + 2_000);
  expect(errors.splice(0)).toMatchObject([{ message: 'the cluster does not answer' }]);
});

test('tells its handler again and again how many streams it has', async () => {
  const grants: unknown[] = [];
  handler = async ({ step, onStreams }) => {
    onStreams((grant) => grants.push(grant));
    await until(() => grants.length > 0);
    await prisma.step.update({ where: { id: step.id }, data: { streams: 1, streamOrder: 1 } });
    await until(() => grants.length > 1);
    return { began: step.streams };
  };
  const step = await newStep();
  await prisma.step.update({ where: { id: step.id }, data: { streams: 2, streamsHeld: 2 } });
  await ring(step);
  await until(() => ends.length > 0);
  expect(ends).toEqual([{ state: 'Succeeded', output: { began: { told: 2, order: 0, held: 2 } } }]);
  expect(grants.slice(0, 2)).toEqual([
    { told: 2, order: 0, held: 2 },
    { told: 1, order: 1, held: 2 },
  ]);
});

test.each([
  ['stops', true],
  ['goes on to its end', false],
])('writes nothing once the step was taken from it, when the handler %s', async (_, obeys) => {
  const { started, stopped } = workUntilStopped();
  const [obedient, finished] = [handler, Promise.withResolvers<void>()];
  handler = async (context) => {
    await obedient(context).catch((error) => {
      finished.resolve();
      if (obeys) throw error;
    });
    return { late: true };
  };
  const step = await newStep();
  await ring(step);
  await started;
  await prisma.step.update({ where: { id: step.id }, data: { attempt: 2, state: 'Ready' } });
  const before = await rowOf(step.id);
  expect(await stopped).toMatchObject({ why: 'lease-lost' });
  await finished.promise;
  await worker.stop();
  expect(await rowOf(step.id)).toEqual(before);
  expect(ends).toEqual([]);
});

test('gives its step back at once when the service stops', async () => {
  const { started, stopped } = workUntilStopped();
  const step = await newStep();
  await ring(step);
  await started;
  await worker.stop();
  expect(await stopped).toMatchObject({ why: 'shutdown' });
  expect(await rowOf(step.id)).toMatchObject({
    state: 'Ready',
    attempt: 2,
    failures: 0,
    worker: null,
    leaseUntil: null,
    attempts: [{ outcome: 'Released' }],
  });
  expect(ends).toEqual([undefined]);
});

test('does a step once, however often its bell is rung', async () => {
  let times = 0;
  handler = async () => {
    times++;
    await sleep(200);
    return undefined;
  };
  const step = await newStep();
  await Promise.all([ring(step), ring(step)]);
  await until(() => ends.length > 0);
  await ring(step); // the first message is gone: only the ledger can refuse this one
  const last = await newStep();
  await ring(last);
  await until(() => ends.length > 1);
  expect(times).toBe(2);
  expect((await rowOf(step.id)).attempts).toHaveLength(1);
  expect(await rowOf(last.id)).toMatchObject({ state: 'Succeeded' });
});

test('does not begin a step before its delay is over', async () => {
  let begunAt = 0;
  handler = async () => {
    begunAt = Date.now();
    return undefined;
  };
  const notBefore = new Date(Date.now() + 800);
  const step = await newStep(notBefore);
  await ring(step, notBefore.getTime() - Date.now());
  await until(() => ends.length > 0);
  expect(begunAt).toBeGreaterThanOrEqual(notBefore.getTime());
});
