import type { StepName } from '@godwit/contracts/run';
import { declarationOf } from '@godwit/pipeline/pipeline';
import type { ClaimedStep, Lease, StepEnd, StepLedger, StreamGrant } from '@godwit/pipeline/step-ledger';
import { Injectable } from '@nestjs/common';
import { toJsonOrNull } from './json.ts';
import { PrismaService } from './prisma.service.ts';

/** A worker renews its lease about once a second; one that did not for so long is taken as dead. */
const LEASE_MS = 10_000;

const STREAMS = { streams: true, streamOrder: true, streamsHeld: true } as const;

/** The steps' table as a ledger: every write holds only for the attempt that it is of. */
@Injectable()
export class PostgresStepLedger implements StepLedger {
  constructor(private readonly prisma: PrismaService) {}

  claim(stepId: string, attempt: number, worker: string): Promise<ClaimedStep | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      const [step] = await transaction.step.updateManyAndReturn({
        where: { id: stepId, attempt, state: 'Ready', notBefore: { lte: new Date() } },
        data: { state: 'Running', worker, leaseUntil: leaseEnd(), startedAt: new Date(), finishedAt: null },
        select: { id: true, runId: true, name: true, item: true, attempt: true, ...STREAMS },
      });
      if (!step) return undefined;
      await transaction.attempt.create({ data: { stepId, attempt, worker } });
      const { streams, streamOrder, streamsHeld, ...claimed } = step;
      return { ...claimed, name: claimed.name as StepName, ...grantOf({ streams, streamOrder, streamsHeld }) };
    });
  }

  async renew(step: ClaimedStep): Promise<Lease> {
    const [held] = await this.prisma.step.updateManyAndReturn({
      where: { id: step.id, attempt: step.attempt, state: 'Running' },
      data: { leaseUntil: leaseEnd() },
      select: { ...STREAMS, run: { select: { phase: true, cancelRequestedAt: true } } },
    });
    if (!held) return { state: 'lost' };
    const ending = held.run.phase !== 'Running' || held.run.cancelRequestedAt !== null;
    const { always, undoes } = declarationOf(step.name);
    return { state: ending && !always && !undoes ? 'stop' : 'held', ...grantOf(held) };
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

function grantOf(row: { streams: number | null; streamOrder: number; streamsHeld: number | null }): { streams?: StreamGrant } {
  const { streams: told, streamOrder: order, streamsHeld } = row;
  return told === null ? {} : { streams: { told, order, held: streamsHeld ?? told } };
}

function leaseEnd(): Date {
  return new Date(Date.now() + LEASE_MS);
}
