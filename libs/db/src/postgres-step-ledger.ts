import type { StepName } from '@godwit/contracts/run';
import { declarationOf } from '@godwit/pipeline/pipeline';
import type {
  ClaimedStep,
  Lease,
  ReleaseOptions,
  StepEnd,
  StepLedger,
  StopReason,
  StreamGrant,
} from '@godwit/pipeline/step-ledger';
import { Injectable } from '@nestjs/common';
import { PARKED } from './advance-store.ts';
import type { Run } from './generated/client.ts';
import { toJsonOrNull } from './json.ts';
import { PrismaService } from './prisma.service.ts';

/** A worker renews its lease about once a second; one that did not for so long is taken as dead. */
const LEASE_MS = 10_000;

const STOPS = { run: { select: { kind: true, phase: true, cancelRequestedAt: true, pausedAt: true } } } as const;
const STREAMS = { streams: true, streamOrder: true, streamsHeld: true } as const;

/** The steps' table as a ledger: every write holds only for the attempt that it is of. */
@Injectable()
export class PostgresStepLedger implements StepLedger {
  constructor(private readonly prisma: PrismaService) {}

  claim(stepId: string, attempt: number, worker: string): Promise<ClaimedStep | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      const [step] = await transaction.step.updateManyAndReturn({
        where: {
          id: stepId,
          attempt,
          state: 'Ready',
          notBefore: { lte: new Date() },
          NOT: { ...PARKED, run: { pausedAt: { not: null } } },
        },
        data: { state: 'Running', worker, leaseUntil: leaseEnd(), startedAt: new Date(), finishedAt: null },
        select: { id: true, runId: true, name: true, item: true, attempt: true, ...STREAMS, ...STOPS },
      });
      if (!step) return undefined;
      await transaction.attempt.create({ data: { stepId, attempt, worker } });
      const { streams, streamOrder, streamsHeld, run, ...rest } = step;
      const claimed = { ...rest, name: rest.name as StepName };
      const stop = stopReason(claimed.name, run);
      if (stop) return { ...claimed, ...grantOf({ streams, streamOrder, streamsHeld }), stop };
      // Its mover was taken away, and starts again.
      const held = Math.max(streams ?? 0, streamsHeld ?? 0);
      if (streams !== null && held !== streamsHeld)
        await transaction.step.update({ where: { id: stepId }, data: { streamsHeld: held } });
      return { ...claimed, ...grantOf({ streams, streamOrder, streamsHeld: held }) };
    });
  }

  async renew(step: ClaimedStep): Promise<Lease> {
    const [held] = await this.prisma.step.updateManyAndReturn({
      where: { id: step.id, attempt: step.attempt, state: 'Running' },
      data: { leaseUntil: leaseEnd() },
      select: { ...STREAMS, ...STOPS },
    });
    if (!held) return { state: 'lost' };
    return { state: stopReason(step.name, held.run) ?? 'held', ...grantOf(held) };
  }

  finish(step: ClaimedStep, end: StepEnd): Promise<boolean> {
    return this.prisma.$transaction(async (transaction) => {
      const now = new Date();
      const output = 'output' in end ? end.output : undefined;
      // The run's row first, as advance does: else the two could wait for each other.
      await transaction.run.update({ where: { id: step.runId }, data: { advanceRequestedAt: now } });
      const { count } = await transaction.step.updateMany({
        where: { id: step.id, attempt: step.attempt, state: 'Running' },
        data: {
          state: end.state,
          ...(end.state === 'Failed' ? { failures: { increment: 1 } } : {}),
          output: toJsonOrNull(output),
          error: toJsonOrNull(end.error),
          waiting: toJsonOrNull(undefined),
          leaseUntil: null,
          finishedAt: now,
        },
      });
      if (count === 0) return false;
      await transaction.attempt.update({
        where: { stepId_attempt: { stepId: step.id, attempt: step.attempt } },
        data: { outcome: end.state, error: toJsonOrNull(end.error), finishedAt: now },
      });
      return true;
    });
  }

  async confirmStreams(step: ClaimedStep, order: number, inUse: number): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      // The run's row first, as above; while it is held, advance does not share out what is changed here.
      await transaction.run.update({ where: { id: step.runId }, data: { advanceRequestedAt: new Date() } });
      const [told] = await transaction.step.findMany({
        where: { id: step.id, attempt: step.attempt, state: 'Running', streamOrder: order },
        select: { streams: true },
      });
      if (!told) return;
      await transaction.step.update({ where: { id: step.id }, data: { streamsHeld: Math.max(told.streams ?? 0, inUse) } });
    });
  }

  async release(step: ClaimedStep, { isStopped, notBefore }: ReleaseOptions = {}): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      await transaction.run.update({ where: { id: step.runId }, data: { advanceRequestedAt: new Date() } });
      const { count } = await transaction.step.updateMany({
        where: { id: step.id, attempt: step.attempt, state: 'Running' },
        data: {
          state: 'Ready',
          attempt: { increment: 1 },
          leaseUntil: null,
          worker: null,
          notBefore,
          ...(isStopped ? { streamsHeld: 0 } : {}),
        },
      });
      if (count === 0) return;
      await transaction.attempt.update({
        where: { stepId_attempt: { stepId: step.id, attempt: step.attempt } },
        data: { outcome: 'Released', finishedAt: new Date() },
      });
    });
  }
}

function stopReason(name: StepName, run: Pick<Run, 'kind' | 'phase' | 'cancelRequestedAt' | 'pausedAt'>): StopReason | undefined {
  const { always, undoes, takesStreams } = declarationOf(name, run.kind);
  if (always || undoes) return undefined;
  if (run.phase !== 'Running' || run.cancelRequestedAt !== null) return 'run-ends';
  return takesStreams && run.pausedAt !== null ? 'paused' : undefined;
}

function grantOf(row: { streams: number | null; streamOrder: number; streamsHeld: number | null }): { streams?: StreamGrant } {
  const { streams: told, streamOrder: order, streamsHeld } = row;
  return told === null ? {} : { streams: { told, order, held: streamsHeld ?? told } };
}

function leaseEnd(): Date {
  return new Date(Date.now() + LEASE_MS);
}
