import type { ErrorReport } from '@godwit/contracts/errors';
import { type StepName, type TransferProgress, UNFINISHED_PHASES } from '@godwit/contracts/run';
import type { VolumeSource } from '@godwit/contracts/volume-source';
import type { NotifiedPhase } from '@godwit/contracts/webhooks';
import { nextCommands } from '@godwit/pipeline/next-commands';
import { STREAM_STEPS } from '@godwit/pipeline/pipeline';
import { type Command, isParked, type RunFacts, type StepFacts, type VolumeFacts } from '@godwit/pipeline/run-facts';
import { Injectable } from '@nestjs/common';
import { Prisma, type Run, type Step, type Volume } from './generated/client.ts';
import { toJsonOrNull } from './json.ts';
import { PrismaService } from './prisma.service.ts';
import { appendEvents, lockRun, type NewRunEvent } from './run-event-store.ts';
import { toStoredRun } from './run-store.ts';
import { tellWebhooks } from './tell-webhooks.ts';

/** A step whose bell is to be rung. */
export interface ReadyStep {
  id: string;
  name: StepName;
  attempt: number;
  notBefore: Date;
}

export interface Advanced {
  commands: Command[];
  /** All steps that a worker is to take: ringing twice does no harm. */
  ready: ReadyStep[];
}

/** What there is to tell of a command: lines for the run's log, which are kept together with what the command changes. */
export type Story = (
  command: Command,
  steps: readonly StepFacts[],
  run: Pick<Run, 'createdAt' | 'startedAt' | 'phase' | 'cancelRequestedAt'>,
) => NewRunEvent[];

/** What a run may go through in one call: more than the pipeline is long, so that it comes to rest. */
const MAX_ROUNDS = 20;
/** A run of thousands of volumes has thousands of steps to write at once. */
const TRANSACTION = { maxWait: 10_000, timeout: 60_000 };

type Transaction = Prisma.TransactionClient;

/** Steps that wait while their run is paused, as {@link isParked} says. */
export const PARKED = {
  name: { in: [...STREAM_STEPS] },
  OR: [{ startedAt: null }, { streamsHeld: { lte: 0 } }],
} satisfies Prisma.StepWhereInput;

/** Carries out what {@link nextCommands} decides, under the lock of the run's row. */
@Injectable()
export class AdvanceStore {
  constructor(private readonly prisma: PrismaService) {}

  /** @returns undefined if there is no such run */
  advance(runId: string, story: Story = () => []): Promise<Advanced | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      await lockRun(transaction, runId);
      const all: Command[] = [];
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const run = await transaction.run.findUnique({ where: { id: runId } });
        if (!run) return undefined;
        // Of several that failed, the run tells of the first.
        const steps = await transaction.step.findMany({
          where: { runId },
          orderBy: [{ finishedAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
        });
        const facts = steps.map(stepFacts);
        const commands = nextCommands(await runFacts(transaction, run, steps), facts, new Date());
        await createSteps(transaction, runId, commands);
        for (const command of commands) await carryOut(transaction, runId, command);
        const told = commands.flatMap((command) => story(command, facts, run));
        await appendEvents(transaction, runId, told);
        await tellWebhooks(transaction, run, phaseTold(steps.length === 0, commands));
        all.push(...commands);
        if (commands.length === 0) break;
      }
      const { pausedAt } = await transaction.run.update({ where: { id: runId }, data: { advanceRequestedAt: null } });
      const ready = await transaction.step.findMany({ where: { runId, state: 'Ready' } });
      return {
        commands: all,
        ready: ready
          .filter((step) => !isParked(stepFacts(step), { isPaused: pausedAt !== null }))
          .map(({ id, name, attempt, notBefore }) => ({ id, name: name as StepName, attempt, notBefore })),
      };
    }, TRANSACTION);
  }

  /**
   * Runs that may go on though nobody rang: an advance that was asked for and did not come, a step that no worker heard
   * of, a lease that ran out.
   *
   * @param heardWithinMs how long a bell may take to be heard
   */
  async findUnheard(heardWithinMs: number): Promise<string[]> {
    const before = new Date(Date.now() - heardWithinMs);
    const rows = await this.prisma.run.findMany({
      where: {
        phase: { in: UNFINISHED_PHASES },
        OR: [
          { advanceRequestedAt: { lt: before } },
          { phase: 'Held', heldUntil: { lt: new Date() } },
          { pausedAt: null, steps: { some: { state: 'Ready', notBefore: { lt: before } } } },
          { steps: { some: { state: 'Ready', notBefore: { lt: before }, NOT: PARKED } } },
          { steps: { some: { state: 'Running', leaseUntil: { lt: new Date() } } } },
        ],
      },
      select: { id: true },
    });
    return rows.map((row) => row.id);
  }
}

/** The state of a run that these commands lead to, if it is one that is told outside. */
function phaseTold(isNew: boolean, commands: readonly Command[]): { phase: NotifiedPhase; error?: ErrorReport } | undefined {
  const end = commands.find((command) => command.type === 'finish');
  const hold = commands.find((command) => command.type === 'hold');
  const told = end ?? hold;
  if (told) return { phase: end?.phase ?? 'Held', ...(told.error ? { error: told.error } : {}) };
  return isNew && commands.some((command) => command.type === 'create-step') ? { phase: 'Running' } : undefined;
}

async function runFacts(transaction: Transaction, run: Run, steps: Step[]): Promise<RunFacts> {
  const { kind, definition, phase, outcome, error, cancelRequestedAt, heldUntil, retryRequestedAt } = toStoredRun(run);
  const asked = { cancelRequested: cancelRequestedAt !== undefined, retryRequested: retryRequestedAt !== undefined };
  const facts = { kind, definition, phase, outcome, error, heldUntil, ...asked };
  if (!steps.some((step) => step.name === 'preflight' && step.state === 'Succeeded')) return facts;
  const volumes = await transaction.volume.findMany({
    where: { runId: run.id, skipReason: null },
    orderBy: { id: 'asc' },
    select: { id: true, capacityBytes: true, source: true, copy: true, restore: true },
  });
  return { ...facts, volumes: volumes.map(volumeFacts) };
}

type VolumeRow = Pick<Volume, 'id' | 'capacityBytes' | 'source' | 'copy' | 'restore'>;

function volumeFacts({ id, capacityBytes, ...volume }: VolumeRow): VolumeFacts {
  const { exposure } = volume.source as unknown as VolumeSource;
  const copy = volume.copy as unknown as TransferProgress | null;
  const restore = volume.restore as unknown as TransferProgress | null;
  const size = copy?.bytesTotal ?? Number(capacityBytes);
  const left = (side: TransferProgress | null) => Math.max(0, (side?.bytesTotal ?? size) - (side?.bytesDone ?? 0));
  return { id, live: exposure === 'Live', bytesLeft: { 'copy-volume': left(copy), 'restore-volume': left(restore) } };
}

function stepFacts(step: Step): StepFacts {
  return {
    id: step.id,
    name: step.name as StepName,
    item: step.item,
    state: step.state,
    attempt: step.attempt,
    failures: step.failures,
    losses: step.losses,
    begun: step.startedAt !== null,
    leaseUntil: step.leaseUntil ?? undefined,
    error: (step.error as unknown as ErrorReport | null) ?? undefined,
    ...(step.streams === null ? {} : { streams: { told: step.streams, held: step.streamsHeld ?? step.streams } }),
  };
}

async function createSteps(transaction: Transaction, runId: string, commands: readonly Command[]): Promise<void> {
  const steps = commands.filter((command) => command.type === 'create-step');
  if (steps.length === 0) return;
  await transaction.step.createMany({
    data: steps.map(({ name, item, streams }) => ({ runId, name, item, streams, streamsHeld: streams })),
  });
}

async function carryOut(transaction: Transaction, runId: string, command: Command): Promise<void> {
  switch (command.type) {
    case 'create-step':
      return; // all at once, by createSteps
    case 'set-streams':
      await setStreams(transaction, command.stepId, command.streams);
      return;
    case 'retry-step':
      await nextAttempt(transaction, command.stepId, { notBefore: command.notBefore, ...startStreams(command.streams) });
      return;
    case 'reclaim-step':
      await endAttempt(transaction, command.stepId, 'Lost');
      await nextAttempt(transaction, command.stepId, { notBefore: new Date(), losses: { increment: 1 } });
      return;
    case 'cancel-step':
      await endAttempt(transaction, command.stepId, 'Lost');
      // The new attempt number fences a worker that is only slow.
      await transaction.step.update({
        where: { id: command.stepId },
        data: { state: 'Cancelled', attempt: { increment: 1 }, leaseUntil: null, worker: null, finishedAt: new Date() },
      });
      return;
    case 'hold':
      await transaction.run.update({
        where: { id: runId },
        data: { phase: 'Held', heldUntil: command.until, error: toJsonOrNull(command.error) },
      });
      return;
    case 'resume':
      await transaction.step.updateMany({ where: { id: { in: command.again }, runId }, data: AS_NEW });
      await transaction.run.update({
        where: { id: runId },
        data: { phase: 'Running', heldUntil: null, retryRequestedAt: null, error: Prisma.DbNull },
      });
      return;
    case 'begin-finishing':
      await transaction.run.update({
        where: { id: runId },
        data: { phase: 'Finishing', outcome: command.outcome, error: toJsonOrNull(command.error) },
      });
      return;
    case 'finish':
      // Why the run failed counts more than why its cleanup did, which the log tells.
      if (command.error) {
        await transaction.run.updateMany({
          where: { id: runId, error: { equals: Prisma.DbNull } },
          data: { error: toJsonOrNull(command.error) },
        });
      }
      await transaction.run.update({ where: { id: runId }, data: { phase: command.phase, finishedAt: new Date() } });
  }
}

/** More may be used from now on; less is used only when the mover has said so (see the ledger's `confirmStreams`). */
async function setStreams(transaction: Transaction, id: string, streams: number): Promise<void> {
  await transaction.step.update({ where: { id }, data: { streams, streamOrder: { increment: 1 } } });
  await transaction.step.updateMany({ where: { id, streamsHeld: { lt: streams } }, data: { streamsHeld: streams } });
}

async function nextAttempt(transaction: Transaction, stepId: string, more: Prisma.StepUpdateInput): Promise<void> {
  await transaction.step.update({
    where: { id: stepId },
    data: { state: 'Ready', attempt: { increment: 1 }, leaseUntil: null, worker: null, finishedAt: null, ...more },
  });
}

/** Of a step that moves data and starts again; the number of its orders goes on growing, as the archive may hold earlier ones. */
function startStreams(streams: number | undefined): Prisma.StepUpdateInput {
  return streams === undefined ? {} : { streams, streamsHeld: streams, streamOrder: { increment: 1 } };
}

/** A step that starts again in its turn; the new attempt number makes messages that are still on their way mean nothing. */
const AS_NEW = {
  state: 'Cancelled',
  attempt: { increment: 1 },
  failures: 0,
  losses: 0,
  error: Prisma.DbNull,
  startedAt: null,
  finishedAt: null,
} satisfies Prisma.StepUpdateManyMutationInput;

async function endAttempt(transaction: Transaction, stepId: string, outcome: string): Promise<void> {
  await transaction.attempt.updateMany({ where: { stepId, finishedAt: null }, data: { outcome, finishedAt: new Date() } });
}
