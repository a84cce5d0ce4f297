import type { ErrorReport } from '@godwit/contracts/errors';
import { declarationOf, pipelineOf } from './pipeline.ts';
import {
  belongs,
  type Command,
  declaredIn,
  find,
  hasEnded,
  isComplete,
  isDone,
  isLiveDone,
  mayHaveMover,
  mustUndo,
  needsOf,
  type RunFacts,
  type StepFacts,
} from './run-facts.ts';

const MINUTE_MS = 60_000;

/** @returns what becomes of a run that has failed: it is held, unless nothing would be gained by that */
export function failRun(run: RunFacts, steps: readonly StepFacts[], error: ErrorReport | undefined, now: Date): Command {
  const { holdMinutes } = run.definition.onFailure;
  // Before anything was touched there is nothing to keep; what only reads, or takes back, is simply run again.
  const hasWork = steps.some(({ name, begun }) => begun && name !== 'preflight');
  const readsOrTakesBack = run.kind === 'Preview' || run.kind === 'Rollback' || run.kind === 'DiscardStaging';
  // A source that is started again writes on: what was read of it is not its last state any more. What is staged stays.
  const startsSource = undoing(run, steps).some(({ onlyWhenUnsuccessful }) => onlyWhenUnsuccessful);
  if (readsOrTakesBack || startsSource || holdMinutes === 0 || !hasWork)
    return { type: 'begin-finishing', outcome: 'Failed', error };
  return { type: 'hold', until: new Date(now.getTime() + holdMinutes * MINUTE_MS), error };
}

/** @returns how the run stops being held, once it is time for that */
export function leaveHold(
  run: RunFacts,
  steps: readonly StepFacts[],
  lost: readonly StepFacts[],
  now: Date,
): Command | undefined {
  const giveUp: Command = { type: 'begin-finishing', outcome: 'Failed', error: run.error };
  if (run.cancelRequested) return giveUp;
  if (run.retryRequested) return isQuiet(run, steps, lost) ? { type: 'resume', again: stepsToStartAgain(run, steps) } : undefined;
  return run.heldUntil && run.heldUntil <= now ? giveUp : undefined;
}

/** Nothing runs, no mover that another worker is to stop either, and all that has to be taken back when a run stops was. */
function isQuiet(run: RunFacts, steps: readonly StepFacts[], lost: readonly StepFacts[]): boolean {
  const hasWorker = (step: StepFacts) => step.state === 'Running' && !lost.includes(step);
  const hasMover = (step: StepFacts) => (step.state === 'Running' || step.state === 'Ready') && mayHaveMover(step);
  if (steps.some((step) => hasWorker(step) || hasMover(step))) return false;
  return undoing(run, steps).every(({ name }) => hasEnded(find(steps, name, '')));
}

/** The steps that have to take back what others of the run did. */
export function undoing(run: RunFacts, steps: readonly StepFacts[]) {
  return pipelineOf(run.kind).filter((declaration) => belongs(declaration, run) && mustUndo(declaration, run, steps));
}

/**
 * Starts what has to take back, each as soon as what it takes back has stopped; in a run that is held, whose work counts, also what
 * works under its protection: it might just be done.
 */
export function undo(run: RunFacts, steps: readonly StepFacts[], lost: readonly StepFacts[], now: Date): Command[] {
  return undoing(run, steps).flatMap(({ name, undoes }): Command[] => {
    const undone = find(steps, undoes!, '')!;
    const isAlive = (step: StepFacts) => step.state === 'Running' && !lost.includes(step);
    const isProtected = ({ name: user, item }: StepFacts) =>
      user !== name && needsOf(declaredIn(run, user), item, run).includes(undoes!);
    if (isAlive(undone) || (run.phase === 'Held' && steps.some((step) => isAlive(step) && isProtected(step)))) return [];
    const step = find(steps, name, '');
    if (!step) return [{ type: 'create-step', name, item: '' }];
    return step.state === 'Cancelled' ? [{ type: 'retry-step', stepId: step.id, notBefore: now }] : [];
  });
}

/**
 * What is done stays done, except where it was taken back meanwhile and others still need it (a database is frozen again for
 * the snapshots that are missing), and except what a step that failed is declared to need anew.
 */
function stepsToStartAgain(run: RunFacts, steps: readonly StepFacts[]): string[] {
  const again = new Set(steps.filter((step) => !isDone(step) && !declarationOf(step.name).always));
  const add = (name: StepFacts['name']) => {
    const step = find(steps, name, '');
    if (step) again.add(step);
  };
  for (const step of [...again]) for (const name of declarationOf(step.name).retriedWith ?? []) add(name);
  const pipeline = pipelineOf(run.kind).filter((declaration) => belongs(declaration, run));
  for (const declaration of pipeline) {
    const { name, undoes } = declaration;
    const undone = undoes && find(steps, undoes, '');
    if (!undone || !find(steps, name, '')) continue;
    const users = pipeline.filter((user) => user.name !== name && user.needs.includes(undoes));
    if (isDone(undone) && users.every((user) => isComplete(user, run, steps)) && isLiveDone(declaration, run, steps)) continue;
    add(undoes);
    add(name);
  }
  return [...again].map(({ id }) => id);
}
