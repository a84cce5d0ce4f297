import type { ErrorReport } from '@godwit/contracts/errors';
import type { StepName, StepState, StepWaiting, TransferProgress } from '@godwit/contracts/run';
import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';

/** A step as readers see it: without its output. */
export interface StepOverview {
  id: string;
  runId: string;
  name: StepName;
  item: string;
  state: StepState;
  attempt: number;
  error?: ErrorReport;
  waiting?: StepWaiting;
  startedAt?: Date;
  finishedAt?: Date;
}

/** One time that a worker took a step. */
export interface AttemptOverview {
  stepId: string;
  attempt: number;
  startedAt: Date;
  finishedAt?: Date;
  /** Absent: it goes on. */
  outcome?: string;
  error?: ErrorReport;
}

/** A volume as readers see it: without what the handlers know of its source. */
export interface VolumeOverview {
  id: string;
  runId: string;
  namespace: string;
  name: string;
  targetNamespace: string;
  capacityBytes: number;
  copy?: TransferProgress;
  restore?: TransferProgress;
  skipReason?: string;
}

const STEP = {
  id: true,
  runId: true,
  name: true,
  item: true,
  state: true,
  attempt: true,
  error: true,
  waiting: true,
  startedAt: true,
  finishedAt: true,
} as const;

const VOLUME = {
  id: true,
  runId: true,
  namespace: true,
  name: true,
  targetNamespace: true,
  capacityBytes: true,
  copy: true,
  restore: true,
  skipReason: true,
} as const;

/** How far runs are. For readers: it takes the few columns that they see, of many runs at once. */
@Injectable()
export class RunOverviewStore {
  constructor(private readonly prisma: PrismaService) {}

  /** @returns in the order of their creation */
  async steps(runIds: string[]): Promise<StepOverview[]> {
    const rows = await this.prisma.step.findMany({
      where: { runId: { in: runIds } },
      select: STEP,
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map(({ error, waiting, startedAt, finishedAt, ...step }) => ({
      ...step,
      name: step.name as StepName,
      ...(error ? { error: error as unknown as ErrorReport } : {}),
      // What one who was lost waited for is kept for the next, and is nothing to be seen.
      ...(waiting && step.state === 'Running' ? { waiting: waiting as unknown as StepWaiting } : {}),
      ...(startedAt ? { startedAt } : {}),
      ...(finishedAt ? { finishedAt } : {}),
    }));
  }

  /** @returns in the order of their starts */
  async attempts(runId: string): Promise<AttemptOverview[]> {
    const rows = await this.prisma.attempt.findMany({
      where: { step: { runId } },
      omit: { worker: true },
      orderBy: [{ startedAt: 'asc' }, { stepId: 'asc' }, { attempt: 'asc' }],
    });
    return rows.map(({ finishedAt, outcome, error, ...attempt }) => ({
      ...attempt,
      ...(finishedAt ? { finishedAt } : {}),
      ...(outcome ? { outcome } : {}),
      ...(error ? { error: error as unknown as ErrorReport } : {}),
    }));
  }

  /** @returns in the order of their names */
  async volumes(runIds: string[]): Promise<VolumeOverview[]> {
    const rows = await this.prisma.volume.findMany({
      where: { runId: { in: runIds } },
      select: VOLUME,
      orderBy: [{ namespace: 'asc' }, { name: 'asc' }],
    });
    return rows.map(({ copy, restore, skipReason, capacityBytes, ...volume }) => ({
      ...volume,
      capacityBytes: Number(capacityBytes),
      ...(copy ? { copy: copy as unknown as TransferProgress } : {}),
      ...(restore ? { restore: restore as unknown as TransferProgress } : {}),
      ...(skipReason ? { skipReason } : {}),
    }));
  }
}
