import { ACTIVE_PHASES, type RunKind } from '@godwit/contracts/run';
import { type AdmissionFacts, admitRuns, type QueuedRun, type RunLimits, type Wait } from '@godwit/pipeline/admit-runs';
import { formatDuration } from '@godwit/pipeline/format-duration';
import { Injectable } from '@nestjs/common';
import type { Prisma } from './generated/client.ts';
import { PrismaService } from './prisma.service.ts';
import { appendEvents, lockRun } from './run-event-store.ts';
import { begun } from './run-store.ts';
import { tellWebhooks } from './tell-webhooks.ts';

type Transaction = Prisma.TransactionClient;

/** Many may ask at once, and each waits for those before it. */
const TRANSACTION = { maxWait: 10_000, timeout: 30_000 };

/** A run that stood in the queue for less is not said to have waited. */
const WAITED_MS = 1_000;

/** The runs that wait for their time or for a place; Postgres alone knows them. */
@Injectable()
export class RunQueueStore {
  constructor(private readonly prisma: PrismaService) {}

  /**
   * Lets start what may start now. Whatever process asks: one decides at a time, and counts what those before it have let in.
   *
   * @returns ids of the runs that have left the queue
   */
  async admit(limits: RunLimits): Promise<string[]> {
    const now = new Date();
    const due = { phase: 'Queued' as const, OR: [{ startAt: null }, { startAt: { lte: now } }] };
    if (!(await this.prisma.run.findFirst({ where: due, select: { id: true } }))) return [];
    return this.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('run-admission', 0))`;
      const facts = await readFacts(transaction, limits);
      const { admitted } = admitRuns(facts);
      const createdAt = new Map(facts.queued.map((run) => [run.id, run.createdAt]));
      const left: string[] = [];
      for (const id of admitted) {
        await lockRun(transaction, id);
        // It may have been cancelled since it was read.
        const { count } = await transaction.run.updateMany({ where: { id, phase: 'Queued' }, data: begun() });
        if (count === 0) continue;
        left.push(id);
        const waited = Date.now() - createdAt.get(id)!.getTime();
        if (waited < WAITED_MS) continue;
        await appendEvents(transaction, id, [{ level: 'info', message: `Left the queue after ${formatDuration(waited)}` }]);
      }
      return left;
    }, TRANSACTION);
  }

  /** What each run in the queue waits for; one that is about to start is not there. */
  async waits(limits: RunLimits): Promise<ReadonlyMap<string, Wait>> {
    return admitRuns(await readFacts(this.prisma, limits)).waiting;
  }

  /** Ends a run that has not begun: there is nothing to clean up. @returns false if it is not in the queue */
  cancel(organisationId: string, id: string): Promise<boolean> {
    return this.prisma.$transaction((transaction) => cancelQueued(transaction, organisationId, id));
  }
}

/** As {@link RunQueueStore.cancel}, within a transaction. */
export async function cancelQueued(transaction: Transaction, organisationId: string, id: string): Promise<boolean> {
  await lockRun(transaction, id);
  const now = new Date();
  const [run] = await transaction.run.updateManyAndReturn({
    where: { id, organisationId, phase: 'Queued' },
    data: { phase: 'Cancelled', outcome: 'Cancelled', cancelRequestedAt: now, finishedAt: now },
  });
  if (!run) return false;
  await appendEvents(transaction, id, [{ level: 'warning', message: 'The run was cancelled before it began' }]);
  await tellWebhooks(transaction, run, { phase: 'Cancelled' });
  return true;
}

const COLUMNS = {
  id: true,
  kind: true,
  organisationId: true,
  migrationId: true,
  sourceClusterId: true,
  destClusterId: true,
  createdAt: true,
  startAt: true,
} as const;

type Row = Prisma.RunGetPayload<{ select: typeof COLUMNS }>;

async function readFacts(transaction: Transaction, limits: RunLimits): Promise<AdmissionFacts> {
  const queued = await transaction.run.findMany({ where: { phase: 'Queued' }, select: COLUMNS });
  const counted = { phase: { in: ACTIVE_PHASES }, kind: { not: 'Preview' as const } };
  const active = await transaction.run.findMany({ where: counted, select: COLUMNS });
  const runs = queued.map(toQueuedRun);
  const ids = [...new Set(runs.flatMap(({ clusterIds }) => clusterIds))];
  const clusters = await transaction.cluster.findMany({
    where: { id: { in: ids } },
    select: { id: true, maxConcurrentRuns: true },
  });
  const clusterLimits = new Map(clusters.map(({ id, maxConcurrentRuns }) => [id, maxConcurrentRuns]));
  return { queued: runs, active: active.map(toQueuedRun), clusterLimits, limits, now: new Date() };
}

const LEAVE_SOURCE_ALONE: readonly RunKind[] = ['Rollback', 'DiscardStaging'];

function toQueuedRun({ sourceClusterId, destClusterId, migrationId, startAt, ...run }: Row): QueuedRun {
  const clusterIds = [
    ...(LEAVE_SOURCE_ALONE.includes(run.kind) ? [] : [sourceClusterId]),
    ...(destClusterId ? [destClusterId] : []),
  ];
  return { ...run, clusterIds, ...(migrationId ? { migrationId } : {}), ...(startAt ? { startAt } : {}) };
}
