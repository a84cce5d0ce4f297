import type { ErrorReport } from '@godwit/contracts/errors';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { RunKind, RunOutcome, RunPhase, StepName, StepState } from '@godwit/contracts/run';
import { allocateStreams, type StreamVolume } from './allocate-streams.ts';
import { declarationOf, pipelineOf, type StepDeclaration } from './pipeline.ts';
import { retryDelayMs } from './retry-delay.ts';

/** A worker that was lost so often with the same step is taken as the step's own failure (a crash loop). */
const MAX_LOST = 20;

export interface RunFacts {
  kind: RunKind;
  phase: RunPhase;
  outcome?: RunOutcome;
  cancelRequested: boolean;
  definition: MigrationDefinition;
  /** The volumes whose data is moved; undefined until preflight has found them. */
  volumes?: readonly VolumeFacts[];
}

export interface VolumeFacts {
  id: string;
  /** What the steps that move its data have still to do, as far as that is known. */
  bytesLeft?: Partial<Record<StepName, number>>;
}

export interface StepFacts {
  id: string;
  name: StepName;
  /** The volume's id, or empty. */
  item: string;
  state: StepState;
  attempt: number;
  failures: number;
  /** A worker has had it in its hands. */
  begun: boolean;
  leaseUntil?: Date;
  error?: ErrorReport;
  /** Of a step that moves data: how many streams it was told to use, and the most that its mover may be using. */
  streams?: { told: number; held: number };
}

export type Command =
  /** `streams`: of a step that moves data, to begin with. */
  | { type: 'create-step'; name: StepName; item: string; streams?: number }
  /** A step that moves data is to use so many streams from now on. */
  | { type: 'set-streams'; stepId: string; streams: number }
  /** A new attempt, not before that time. */
  | { type: 'retry-step'; stepId: string; notBefore: Date }
  /** The worker did not renew its lease: the step goes to another one. */
  | { type: 'reclaim-step'; stepId: string }
  | { type: 'cancel-step'; stepId: string }
  /** The outcome is decided; running steps are told to stop, then cleanup runs. */
  | { type: 'begin-finishing'; outcome: RunOutcome; error?: ErrorReport }
  /** `error` only where cleanup itself failed. */
  | { type: 'finish'; phase: RunOutcome; error?: ErrorReport };

/**
 * The one decision of orchestration: what is to be done next for a run. Pure; called again after each change, and its
 * commands lead to a state in which it has nothing more to say.
 */
export function nextCommands(run: RunFacts, steps: readonly StepFacts[], now: Date): Command[] {
  if (run.phase !== 'Running' && run.phase !== 'Finishing') return [];

  const lost = steps.filter((step) => step.state === 'Running' && step.leaseUntil && step.leaseUntil < now);
  if (run.phase === 'Running') {
    const end = decideOutcome(run, steps, lost);
    if (end) return [end];
  }

  const commands: Command[] = [];
  const finishing = run.phase === 'Finishing';
  for (const step of steps) {
    const alive = !finishing || declarationOf(step.name).always || mustUndo(declarationOf(step.name), steps);
    if (!alive) {
      // A lost worker cannot tell that it stopped; its step is over all the same.
      if (step.state === 'Ready' || lost.includes(step)) commands.push({ type: 'cancel-step', stepId: step.id });
    } else if (lost.includes(step)) {
      commands.push({ type: 'reclaim-step', stepId: step.id });
    } else if (mayRetry(step)) {
      commands.push({ type: 'retry-step', stepId: step.id, notBefore: new Date(now.getTime() + retryDelayMs(step.failures)) });
    }
  }
  commands.push(...(finishing ? finishingCommands(run, steps, lost) : newSteps(run, steps)));
  return commands;
}

function decideOutcome(run: RunFacts, steps: readonly StepFacts[], lost: readonly StepFacts[]): Command | undefined {
  if (run.cancelRequested) return { type: 'begin-finishing', outcome: 'Cancelled' };
  const failed = steps.find((step) => step.state === 'Failed' && !mayRetry(step));
  if (failed) return { type: 'begin-finishing', outcome: 'Failed', error: failed.error };
  const crashLoop = lost.find((step) => step.attempt - step.failures > MAX_LOST);
  if (crashLoop) {
    return {
      type: 'begin-finishing',
      outcome: 'Failed',
      error: {
        kind: 'fatal',
        reason: 'WorkerLost',
        message: `the worker of ${crashLoop.name} was lost ${crashLoop.attempt} times`,
        cure: 'Look into the logs of the services: a worker dies with this step each time.',
      },
    };
  }
  const declared = pipelineOf(run.kind).filter((declaration) => !declaration.always && belongs(declaration, run));
  if (declared.every((declaration) => isComplete(declaration, run, steps)))
    return { type: 'begin-finishing', outcome: 'Succeeded' };
  return undefined;
}

function finishingCommands(run: RunFacts, steps: readonly StepFacts[], lost: readonly StepFacts[]): Command[] {
  const pipeline = pipelineOf(run.kind);
  const isRunning = (step: StepFacts) => step.state === 'Running' && !lost.includes(step);
  const undoing = pipeline.filter((declaration) => belongs(declaration, run) && mustUndo(declaration, steps));
  const commands = undoing
    .filter(({ name, undoes }) => !find(steps, name, '') && !isRunning(find(steps, undoes!, '')!))
    .map(({ name }): Command => ({ type: 'create-step', name, item: '' }));
  const stillUndoing = undoing.some(({ name }) => !hasEnded(find(steps, name, '')));
  const stays = ({ name }: StepFacts) => declarationOf(name).always || undoing.includes(declarationOf(name));
  if (stillUndoing || steps.some((step) => isRunning(step) && !stays(step))) return commands;

  let done = true;
  let error: ErrorReport | undefined;
  for (const { name } of pipeline.filter((declaration) => declaration.always)) {
    const step = find(steps, name, '');
    if (!step) commands.push({ type: 'create-step', name, item: '' });
    if (step?.state === 'Failed' && !mayRetry(step)) error = step.error;
    else if (!step || !isDone(step)) done = false;
  }
  if (done) commands.push({ type: 'finish', phase: run.outcome ?? 'Failed', error });
  return commands;
}

/** Whether a step has to run although the run ends, since what it takes back has begun. */
function mustUndo({ undoes }: StepDeclaration, steps: readonly StepFacts[]): boolean {
  return undoes !== undefined && (find(steps, undoes, '')?.begun ?? false);
}

function hasEnded(step: StepFacts | undefined): boolean {
  return step !== undefined && (isDone(step) || (step.state === 'Failed' && !mayRetry(step)));
}

function newSteps(run: RunFacts, steps: readonly StepFacts[]): Command[] {
  const commands: Command[] = [];
  for (const declaration of pipelineOf(run.kind)) {
    if (declaration.always || !belongs(declaration, run)) continue;
    if (declaration.takesStreams) {
      commands.push(...streamCommands(declaration, run, steps));
      continue;
    }
    for (const item of itemsOf(declaration, run)) {
      if (find(steps, declaration.name, item) || !mayStart(declaration, item, run, steps)) continue;
      commands.push({ type: 'create-step', name: declaration.name, item });
    }
  }
  return commands;
}

/** One side of the run: volumes that start with their streams, and changes for those that move. */
function streamCommands(declaration: StepDeclaration, run: RunFacts, steps: readonly StepFacts[]): Command[] {
  const { name } = declaration;
  const side = (run.volumes ?? []).flatMap(({ id, bytesLeft }): StreamVolume[] => {
    const step = find(steps, name, id);
    if (step && isDone(step)) return [];
    const volume = { id, bytesLeft: bytesLeft?.[name] };
    // One that failed and is tried again keeps what it has: nobody knows whether its mover still runs.
    if (step) return [{ ...volume, state: 'moving', streams: step.streams?.told ?? 1, held: step.streams?.held ?? 1 }];
    return [{ ...volume, state: mayStart(declaration, id, run, steps) ? 'waiting' : 'coming', streams: 0, held: 0 }];
  });
  const allocated = allocateStreams(side, run.definition.copy.concurrentStreams);
  return [...allocated].flatMap(([item, streams]): Command[] => {
    const step = find(steps, name, item);
    if (!step) return [{ type: 'create-step', name, item, streams }];
    return (step.streams?.told ?? 1) === streams ? [] : [{ type: 'set-streams', stepId: step.id, streams }];
  });
}

function mayStart(declaration: StepDeclaration, item: string, run: RunFacts, steps: readonly StepFacts[]): boolean {
  if (declaration.follows) {
    const leader = find(steps, declaration.follows, item);
    if (!leader || !(leader.state === 'Running' || isDone(leader))) return false;
  }
  return declaration.needs.map(declarationOf).every((needed) => {
    if (!belongs(needed, run)) return true;
    if (needed.each && declaration.each) {
      const step = find(steps, needed.name, item);
      return step !== undefined && isDone(step);
    }
    return isComplete(needed, run, steps);
  });
}

function isComplete(declaration: StepDeclaration, run: RunFacts, steps: readonly StepFacts[]): boolean {
  if (declaration.each && !run.volumes) return false;
  return itemsOf(declaration, run).every((item) => {
    const step = find(steps, declaration.name, item);
    return step !== undefined && isDone(step);
  });
}

function itemsOf(declaration: StepDeclaration, run: RunFacts): readonly string[] {
  return declaration.each ? (run.volumes ?? []).map(({ id }) => id) : [''];
}

function belongs(declaration: StepDeclaration, run: RunFacts): boolean {
  return declaration.when?.(run.definition) ?? true;
}

function find(steps: readonly StepFacts[], name: StepName, item: string): StepFacts | undefined {
  return steps.find((step) => step.name === name && step.item === item);
}

function isDone(step: StepFacts): boolean {
  return step.state === 'Succeeded' || step.state === 'Skipped';
}

function mayRetry(step: StepFacts): boolean {
  return step.state === 'Failed' && step.error?.kind === 'retryable' && step.failures < declarationOf(step.name).maxFailures;
}
