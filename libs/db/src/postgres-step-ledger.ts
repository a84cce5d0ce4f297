import type { StepName } from '@godwit/contracts/run';
import { declarationOf } from '@godwit/pipeline/pipeline';
import type { ClaimedStep, LeaseState, StepEnd, StepLedger } from '@godwit/pipeline/step-ledger';
import { Injectable } from '@nestjs/common';
import { toJsonOrNull } from './json.ts';
import { PrismaService } from './prisma.service.ts';

/** A worker renews its lease about once a second; one that did not for so long is taken as dead. */
const LEASE_MS = 10_000;

/** The steps' table as a ledger: every write holds only for the attempt that it is of. */
@Injectable()
export class PostgresStepLedger implements StepLedger {
  constructor(private readonly prisma: PrismaService) {}

  claim(stepId: string, attempt: number, worker: string): Promise<ClaimedStep | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      const [step] = await transaction.step.updateManyAndReturn({
        where: { id: stepId, attempt, state: 'Ready', notBefore: { lte: new Date() } },
        data: { state: 'Running', worker, leaseUntil: leaseEnd(), startedAt: new Date(), finishedAt: null },
        select: { id: true, runId: true, name: true, item: true, attempt: true },
      });
      if (!step) return undefined;
      await transaction.attempt.create({ data: { stepId, attempt, worker } });
      return { ...step, name: step.name as StepName };
    });
  }

  async renew(step: ClaimedStep): Promise<LeaseState> {
    const [held] = await this.prisma.step.updateManyAndReturn({
      where: { id: step.id, attempt: step.attempt, state: 'Running' },
      data: { leaseUntil: leaseEnd() },
      select: { run: { select: { phase: true, cancelRequestedAt: true } } },
    });
    if (!held) return 'lost';
    const ending = held.run.phase !== 'Running' || held.run.cancelRequestedAt !== null;
    return ending && !declarationOf(step.name).always ? 'stop' : 'held';
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

  async release(step: ClaimedStep): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      await transaction.run.update({ where: { id: step.runId }, data: { advanceRequestedAt: new Date() } });
      const { count } = await transaction.step.updateMany({
        where: { id: step.id, attempt: step.attempt, state: 'Running' },
        data: { state: 'Ready', attempt: { increment: 1 }, leaseUntil: null, worker: null },
      });
      if (count === 0) return;
      await transaction.attempt.update({
        where: { stepId_attempt: { stepId: step.id, attempt: step.attempt } },
        data: { outcome: 'Released', finishedAt: new Date() },
      });
    });
  }
}

function leaseEnd(): Date {
  return new Date(Date.now() + LEASE_MS);
}
