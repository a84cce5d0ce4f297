import { setTimeout as sleep } from 'node:timers/promises';
import { FatalError, RetryableError } from '@godwit/contracts/errors';
import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { StepQueueName } from '@godwit/contracts/queues';
import { isFinished, type StepName } from '@godwit/contracts/run';
import type { VolumeSource } from '@godwit/contracts/volume-source';
import { AdvanceStore } from '@godwit/db/advance-store';
import { MigrationStore } from '@godwit/db/migration-store';
import { OrganisationStore } from '@godwit/db/organisation-store';
import { PostgresStepLedger } from '@godwit/db/postgres-step-ledger';
import { PrismaService } from '@godwit/db/prisma.service';
import { RunEventStore } from '@godwit/db/run-event-store';
import { RunQueueStore } from '@godwit/db/run-queue-store';
import { RunStore } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { pipelineOf } from '@godwit/pipeline/pipeline';
import { Doorbell } from '@godwit/queue/doorbell';
import { RedisService } from '@godwit/queue/redis';
import { type StepHandler, StepWorker } from '@godwit/queue/step-worker';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

const REDIS_DATABASE = 11;
const SOURCE: VolumeSource = {
  claimUid: 'uid',
  pvName: 'pv',
  driver: 'csi.example',
  exposure: 'Snapshot' as const,
  exposedReadOnly: false,
  exposedStorageClassName: 'fast',
  volumeMode: 'Filesystem',
  accessModes: ['ReadWriteOnce'],
  requestedStorage: '1Gi',
  snapshotClassName: 'snapshots',
  targetStorageClassName: 'fast',
  pvLabels: {},
  pvReclaimPolicy: 'Delete',
};

let service: TestApp;
let workers: StepWorker[];
/** What the workers of the queues do, by the name of the step; a step that is not here is done at once. */
let handlers: Partial<Record<StepName, StepHandler>>;
const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });

beforeAll(async () => {
  service = await startTestApp(REDIS_DATABASE);
  const byName = Object.fromEntries(
    pipelineOf('Migration').map(({ name }) => [
      name,
      (context: Parameters<StepHandler>[0]) => handlers[name]?.(context) ?? done(),
    ]),
  );
  const queues = new Set(pipelineOf('Migration').map(({ queue }) => queue));
  workers = [...queues].map((queue) => startWorker(queue, byName));
});

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await service.stop();
});

test('a run goes its way, volume by volume, and tells of its end', async () => {
  const order: string[] = [];
  handlers = { preflight: twoVolumes };
  for (const name of ['capture-resources', 'snapshot-volume', 'copy-volume', 'apply-resources', 'verify', 'cleanup'] as const)
    handlers[name] = async () => void order.push(name);
  const run = await startRun();
  await untilFinished(run.id, 'Succeeded');
  expect(order.filter((name) => name === 'copy-volume')).toHaveLength(2);
  expect(order.slice(-3)).toEqual(['apply-resources', 'verify', 'cleanup']);
  expect(await messages(run.id)).toEqual(['All is done; cleaning up', expect.stringMatching(/^The run succeeded after \d+ s$/)]);
});

test('all that Redis had is lost in the middle, and the run goes on', async () => {
  handlers = {
    preflight: twoVolumes,
    'snapshot-volume': async () => void (await get(RedisService).client.flushall()),
    'apply-resources': async () => void (await get(RedisService).client.flushall()),
  };
  const run = await startRun();
  await untilFinished(run.id, 'Succeeded');
  expect(await attempts(run.id)).toEqual(new Set([1]));
});

test('what was decided and not rung is rung by the sweeper', async () => {
  handlers = { preflight: twoVolumes };
  const run = await createRun();
  // As a process that dies right after its commit.
  const advanced = await get(AdvanceStore).advance(run.id);
  expect(advanced?.ready).toMatchObject([{ name: 'preflight', attempt: 1 }]);
  await untilFinished(run.id, 'Succeeded');
});

test('a retryable error is tried again after a while, a fatal one ends the run with its reason', async () => {
  let tries = 0;
  handlers = {
    preflight: twoVolumes,
    'capture-resources': async () => {
      if (++tries < 3) throw new RetryableError('Unavailable', 'the API server answered 503');
    },
    verify: async () => {
      throw new FatalError('PodsNotReady', 'Pod shop/web is not Ready', { cure: 'See its events' });
    },
  };
  const run = await startRun();
  await untilFinished(run.id, 'Failed');
  expect(tries).toBe(3);
  expect(await get(RunStore).get(run.id)).toMatchObject({ error: { reason: 'PodsNotReady' } });
  expect(await messages(run.id)).toEqual([
    'failed (1 of at most 4 times), is tried again in 1 s',
    'failed (2 of at most 4 times), is tried again in 2 s',
    'The run fails; cleaning up: Pod shop/web is not Ready. See its events',
    expect.stringMatching(/^The run failed after/),
  ]);
});

test('the step of a worker that died goes to another one', async () => {
  let died = false;
  handlers = {
    preflight: twoVolumes,
    'capture-resources': async ({ step, signal }) => {
      if (died) return;
      died = true;
      const { id, attempt } = step;
      await until(async () => {
        // Nobody renews the lease of a dead worker: it has run out. This one may have renewed its own before that was seen.
        const expired = { leaseUntil: new Date(Date.now() - 1) };
        await get(PrismaService).step.updateMany({ where: { id, attempt }, data: expired });
        await get(Doorbell).ringAdvance(step.runId);
        return (await get(PrismaService).step.count({ where: { id, attempt: attempt + 1 } })) === 1;
      });
      signal.throwIfAborted();
    },
  };
  const run = await startRun();
  await untilFinished(run.id, 'Succeeded');
  expect(await messages(run.id)).toContain('its worker does not answer any more; another one goes on with it');
});

test('Postgres and Redis close all connections, and the run goes on', async () => {
  handlers = {
    preflight: twoVolumes,
    'capture-resources': async () => {
      await service.database.disconnectAll();
      const killer = get(RedisService).client.duplicate();
      killer.on('error', () => {}); // it is among those that it kills
      await killer.call('CLIENT', 'KILL', 'TYPE', 'normal').catch(() => {});
      killer.disconnect();
    },
  };
  const run = await startRun();
  await untilFinished(run.id, 'Succeeded');
});

async function done(): Promise<undefined> {
  return undefined;
}

const twoVolumes: StepHandler = async ({ step }) => {
  const volumes = ['data', 'logs'].map((name) => ({
    namespace: 'shop',
    name,
    targetNamespace: 'shop',
    capacityBytes: 2 ** 30,
    source: SOURCE,
  }));
  await get(VolumeStore).ensure(step.runId, volumes);
  return undefined;
};

function startWorker(queue: StepQueueName, byName: Record<string, StepHandler>): StepWorker {
  return new StepWorker({
    queue,
    concurrency: 2,
    workerName: `test-${queue}`,
    ledger: get(PostgresStepLedger),
    handlers: byName,
    redis: get(RedisService),
    onEnd: (step) => get(Doorbell).ringAdvance(step.runId),
    onError: () => {},
  });
}

async function createRun() {
  const organisationId = await get(OrganisationStore).ensureDefault();
  const [a, b, c] = ['a', 'b', 'c'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`);
  const definition = MigrationDefinition.parse({
    name: `migration ${Math.random()}`,
    sourceClusterId: a,
    destination: { type: 'Registered', clusterId: b },
    copy: { storage: { type: 'ObjectStore', objectStoreId: c } },
    onFailure: { holdMinutes: 0 },
  });
  const run = await get(RunStore).create(organisationId, await get(MigrationStore).create(organisationId, definition));
  await get(RunQueueStore).admit({ perOrganisation: 1_000, total: 1_000 });
  return run!;
}

async function startRun() {
  const run = await createRun();
  await get(Doorbell).ringAdvance(run.id);
  return run;
}

async function untilFinished(runId: string, phase: string): Promise<void> {
  await until(async () => isFinished((await get(RunStore).get(runId)).phase));
  expect((await get(RunStore).get(runId)).phase).toBe(phase);
}

async function until(condition: () => Promise<boolean>, timeoutMs = 50_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(50)) if (await condition().catch(() => false)) return;
  throw new Error('it did not come to this in time');
}

async function messages(runId: string): Promise<string[]> {
  return (await get(RunEventStore).list(runId)).map(({ message }) => message);
}

async function attempts(runId: string): Promise<Set<number>> {
  return new Set((await get(RunStore).steps(runId)).map(({ attempt }) => attempt));
}
