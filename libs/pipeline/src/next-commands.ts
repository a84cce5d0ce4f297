import type { ErrorReport } from '@godwit/contracts/errors';
import { isFinished } from '@godwit/contracts/run';
import { allocateStreams, type StreamVolume } from './allocate-streams.ts';
import { failRun, leaveHold, undo, undoing } from './hold-run.ts';
import { pipelineOf, type StepDeclaration } from './pipeline.ts';
import { retryDelayMs } from './retry-delay.ts';
import {
  belongs,
  type Command,
  declaredIn,
  find,
  hasEnded,
  isComplete,
  isDone,
  isDoneFor,
  isLiveDone,
  isOfTheWay,
  itemsOf,
  mayHaveMover,
  mayRetry,
  mustUndo,
  needsOf,
  type RunFacts,
  type StepFacts,
} from './run-facts.ts';

/** A worker that was lost so often with the same step is taken as the step's own failure (a crash loop). */
const MAX_LOST = 20;

/**
 * The one decision of orchestration: what is to be done next for a run. Pure; called again after each change, and its
 * commands lead to a state in which it has nothing more to say.
 */
export function nextCommands(run: RunFacts, steps: readonly StepFacts[], now: Date): Command[] {
  if (isFinished(run.phase)) return [];

  const lost = steps.filter((step) => step.state === 'Running' && step.leaseUntil && step.leaseUntil < now);
  const turn = decideTurn(run, steps, lost, now);
  if (turn) return [turn];

  const commands: Command[] = [];
  const goesOn = run.phase === 'Running';
  for (const step of steps) {
    const declaration = declaredIn(run, step.name);
    const alive = goesOn || declaration.always || mustUndo(declaration, run, steps);
    // A run that is held has no cleanup which would take a mover away that nobody minds: a worker is to do so.
    const keepsMover = run.phase === 'Held' && mayHaveMover(step);
    if (!alive && !keepsMover) {
      // A lost worker cannot tell that it stopped; its step is over all the same.
      if (step.state === 'Ready' || lost.includes(step)) commands.push({ type: 'cancel-step', stepId: step.id });
    } else if (lost.includes(step)) {
      commands.push({ type: 'reclaim-step', stepId: step.id });
    } else if (alive && mayRetry(step)) {
      commands.push({ type: 'retry-step', stepId: step.id, notBefore: new Date(now.getTime() + retryDelayMs(step.failures)) });
    }
  }
  if (goesOn) commands.push(...newSteps(run, steps, now));
  else if (run.phase === 'Held') commands.push(...undo(run, steps, lost, now));
  else commands.push(...finishingCommands(run, steps, lost, now));
  return commands;
}

/** @returns what the run turns to from the phase that it is in */
function decideTurn(run: RunFacts, steps: readonly StepFacts[], lost: readonly StepFacts[], now: Date): Command | undefined {
  if (run.phase === 'Held') return leaveHold(run, steps, lost, now);
  if (run.phase !== 'Running') return undefined;
  if (run.cancelRequested) return { type: 'begin-finishing', outcome: 'Cancelled' };
  const failed = steps.find((step) => step.state === 'Failed' && !mayRetry(step));
  if (failed) return failRun(run, steps, failed.error, now);
  const crashLoop = lost.find((step) => step.losses >= MAX_LOST);
  if (crashLoop) return failRun(run, steps, workerLost(crashLoop), now);
  const declared = pipelineOf(run.kind).filter((declaration) => isOfTheWay(declaration) && belongs(declaration, run));
  if (declared.every((declaration) => isComplete(declaration, run, steps)))
    return { type: 'begin-finishing', outcome: 'Succeeded' };
  return undefined;
}

function workerLost({ name, losses }: StepFacts): ErrorReport {
  return {
    kind: 'fatal',
    reason: 'WorkerLost',
    message: `the worker of ${name} was lost ${losses + 1} times`,
    cure: 'Look into the logs of the services: a worker dies with this step each time.',
  };
}

function finishingCommands(run: RunFacts, steps: readonly StepFacts[], lost: readonly StepFacts[], now: Date): Command[] {
  const isRunning = (step: StepFacts) => step.state === 'Running' && !lost.includes(step);
  const commands = undo(run, steps, lost, now);
  const undone = undoing(run, steps);
  const stillUndoing = undone.some(({ name }) => !hasEnded(find(steps, name, '')));
  const stays = ({ name }: StepFacts) => declaredIn(run, name).always || undone.includes(declaredIn(run, name));
  if (stillUndoing || steps.some((step) => isRunning(step) && !stays(step))) return commands;

  let done = true;
  let error: ErrorReport | undefined;
  const last = pipelineOf(run.kind).filter((declaration) => declaration.always && belongs(declaration, run));
  for (const { name, needs } of last) {
    const step = find(steps, name, '');
    if (!step && needs.every((needed) => hasEnded(find(steps, needed, ''))))
      commands.push({ type: 'create-step', name, item: '' });
    if (step?.state === 'Failed' && !mayRetry(step)) error = step.error;
    else if (!step || !isDone(step)) done = false;
  }
  if (done) commands.push({ type: 'finish', phase: run.outcome ?? 'Failed', error });
  return commands;
}

function newSteps(run: RunFacts, steps: readonly StepFacts[], now: Date): Command[] {
  const commands: Command[] = [];
  for (const declaration of pipelineOf(run.kind)) {
    if (!isOfTheWay(declaration) || !belongs(declaration, run)) continue;
    if (declaration.takesStreams) {
      commands.push(...streamCommands(declaration, run, steps, now));
      continue;
    }
    for (const item of itemsOf(declaration, run)) {
      const step = find(steps, declaration.name, item);
      if ((step && step.state !== 'Cancelled') || !mayStart(declaration, item, run, steps)) continue;
      commands.push(
        step ? { type: 'retry-step', stepId: step.id, notBefore: now } : { type: 'create-step', name: declaration.name, item },
      );
    }
  }
  return commands;
}

/** One side of the run: volumes that start with their streams, and changes for those that move. */
function streamCommands(declaration: StepDeclaration, run: RunFacts, steps: readonly StepFacts[], now: Date): Command[] {
  const { name } = declaration;
  // Hooks that set applications going again wait for live volumes only.
  const liveFirst = (run.volumes ?? []).toSorted((a, b) => Number(b.live ?? false) - Number(a.live ?? false));
  const side = liveFirst.flatMap(({ id, bytesLeft }): StreamVolume[] => {
    const step = find(steps, name, id);
    if (step && isDone(step)) return [];
    const volume = { id, bytesLeft: bytesLeft?.[name] };
    // One that failed and is tried again keeps what it has: nobody knows whether its mover still runs.
    if (step && step.state !== 'Cancelled')
      return [{ ...volume, state: 'moving', streams: step.streams?.told ?? 1, held: step.streams?.held ?? 1 }];
    return [{ ...volume, state: mayStart(declaration, id, run, steps) ? 'waiting' : 'coming', streams: 0, held: 0 }];
  });
  const allocated = allocateStreams(side, run.definition.copy.concurrentStreams);
  return [...allocated].flatMap(([item, streams]): Command[] => {
    const step = find(steps, name, item);
    if (!step) return [{ type: 'create-step', name, item, streams }];
    if (step.state === 'Cancelled') return [{ type: 'retry-step', stepId: step.id, notBefore: now, streams }];
    return (step.streams?.told ?? 1) === streams ? [] : [{ type: 'set-streams', stepId: step.id, streams }];
  });
}

function mayStart(declaration: StepDeclaration, item: string, run: RunFacts, steps: readonly StepFacts[]): boolean {
  if (declaration.follows) {
    const leader = find(steps, declaration.follows, item);
    if (!leader || !(leader.state === 'Running' || isDone(leader))) return false;
  }
  if (!isLiveDone(declaration, run, steps)) return false;
  return needsOf(declaration, item, run).every((name) => {
    const needed = pipelineOf(run.kind).find((candidate) => candidate.name === name);
    if (!needed || !belongs(needed, run)) return true;
    if (needed.each && declaration.each) return isDoneFor(name, item, steps);
    return isComplete(needed, run, steps);
  });
}
