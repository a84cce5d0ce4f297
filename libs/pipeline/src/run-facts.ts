import type { ErrorReport } from '@godwit/contracts/errors';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { RunKind, RunOutcome, RunPhase, StepName, StepState } from '@godwit/contracts/run';
import { declarationOf, type StepDeclaration } from './pipeline.ts';

export interface RunFacts {
  kind: RunKind;
  phase: RunPhase;
  outcome?: RunOutcome;
  /** Of a run that is held or fails: why. */
  error?: ErrorReport;
  cancelRequested: boolean;
  /** Of a run that is held: when it is given up. */
  heldUntil?: Date;
  retryRequested?: boolean;
  definition: MigrationDefinition;
  /** The volumes whose data is moved; undefined until preflight has found them. */
  volumes?: readonly VolumeFacts[];
}

export interface VolumeFacts {
  id: string;
  /** It is read as it is, and not from a snapshot. */
  live?: boolean;
  /** What the steps that move its data have still to do, as far as that is known. */
  bytesLeft?: Partial<Record<StepName, number>>;
}

export interface StepFacts {
  id: string;
  name: StepName;
  /** The volume's id, or empty. */
  item: string;
  /** `Cancelled` in a run that goes on: it is to start again, as soon as what it needs is done. */
  state: StepState;
  attempt: number;
  failures: number;
  /** Workers that were lost with it. */
  losses: number;
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
  /** A new attempt, not before that time. `streams`: of a step that moves data and starts again. */
  | { type: 'retry-step'; stepId: string; notBefore: Date; streams?: number }
  /** The worker did not renew its lease: the step goes to another one. */
  | { type: 'reclaim-step'; stepId: string }
  | { type: 'cancel-step'; stepId: string }
  /** It failed: running steps are told to stop, and what is there is kept until then. */
  | { type: 'hold'; until: Date; error?: ErrorReport }
  /** The run that was held goes on: these steps start again in their turn, as if they had not begun. */
  | { type: 'resume'; again: string[] }
  /** The outcome is decided; running steps are told to stop, then cleanup runs. */
  | { type: 'begin-finishing'; outcome: RunOutcome; error?: ErrorReport }
  /** `error` only where cleanup itself failed. */
  | { type: 'finish'; phase: RunOutcome; error?: ErrorReport };

export function isComplete(declaration: StepDeclaration, run: RunFacts, steps: readonly StepFacts[]): boolean {
  if (declaration.each && !run.volumes) return false;
  return itemsOf(declaration, run).every((item) => isDoneFor(declaration.name, item, steps));
}

/** Whether what a step needs of the volumes that are read live is done. */
export function isLiveDone({ needsOfLive = [] }: StepDeclaration, run: RunFacts, steps: readonly StepFacts[]): boolean {
  const live = (run.volumes ?? []).filter((volume) => volume.live);
  return needsOfLive.every((name) => live.every(({ id }) => isDoneFor(name, id, steps)));
}

/** What a step needs for one volume, or for all. */
export function needsOf({ needs, needsIfLive }: StepDeclaration, item: string, { volumes = [] }: RunFacts): readonly StepName[] {
  return needsIfLive && volumes.some(({ id, live }) => live && id === item) ? [...needs, ...needsIfLive] : needs;
}

export function isDoneFor(name: StepName, item: string, steps: readonly StepFacts[]): boolean {
  const step = find(steps, name, item);
  return step !== undefined && isDone(step);
}

export function itemsOf(declaration: StepDeclaration, run: RunFacts): readonly string[] {
  return declaration.each ? (run.volumes ?? []).map(({ id }) => id) : [''];
}

/** Whether a run has to do it to succeed. */
export function isOfTheWay({ always, onlyWhenUnsuccessful }: StepDeclaration): boolean {
  return !always && !onlyWhenUnsuccessful;
}

/** What is declared of a step in runs of this kind. */
export function declaredIn(run: RunFacts, name: StepName): StepDeclaration {
  return declarationOf(name, run.kind);
}

export function belongs(declaration: StepDeclaration, run: RunFacts): boolean {
  return declaration.when?.(run.definition) ?? true;
}

export function find(steps: readonly StepFacts[], name: StepName, item: string): StepFacts | undefined {
  return steps.find((step) => step.name === name && step.item === item);
}

export function isDone(step: StepFacts): boolean {
  return step.state === 'Succeeded' || step.state === 'Skipped';
}

/** It is done, or has failed for good. */
export function hasEnded(step: StepFacts | undefined): boolean {
  return step !== undefined && (isDone(step) || (step.state === 'Failed' && !mayRetry(step)));
}

export function mayRetry(step: StepFacts): boolean {
  return step.state === 'Failed' && step.error?.kind === 'retryable' && step.failures < declarationOf(step.name).maxFailures;
}

/** Whether a step has to run although the run ends or is held, since what it takes back has begun. */
export function mustUndo({ undoes, onlyWhenUnsuccessful }: StepDeclaration, run: RunFacts, steps: readonly StepFacts[]): boolean {
  if (onlyWhenUnsuccessful && run.outcome === 'Succeeded') return false;
  return undoes !== undefined && (find(steps, undoes, '')?.begun ?? false);
}

/** Whether a mover of this step may be running, though no worker minds it. */
export function mayHaveMover({ name, begun, streams }: Pick<StepFacts, 'name' | 'begun' | 'streams'>): boolean {
  return declarationOf(name).takesStreams === true && begun && (streams?.held ?? 1) > 0;
}

/** Whether a step that is ready waits for its paused run. One whose mover may be running is handed out all the same, to be stopped. */
export function isParked(step: Pick<StepFacts, 'name' | 'begun' | 'streams'>, run: { isPaused: boolean }): boolean {
  return run.isPaused && declarationOf(step.name).takesStreams === true && !mayHaveMover(step);
}
