import type { RunView } from '@godwit/contracts/api';
import type { ErrorView, StepWaiting } from '@godwit/contracts/run';
import { isFinished } from '@godwit/contracts/run';
import { formatDuration } from '@godwit/pipeline/format-duration';
import type { StepDeclaration } from '@godwit/pipeline/pipeline';
import type { z } from 'zod';

export type StageState = 'waiting' | 'queued' | 'running' | 'done' | 'skipped' | 'failed' | 'cancelled';

export interface StageStatus {
  state: StageState;
  /** Of a stage that fans out, once its volumes are known: how many are done, of how many. */
  volumes?: { done: number; all: number };
  /** The highest attempt of its steps that are not done; 1 is the first. */
  attempt: number;
  /** What it waits for outside, while it runs. */
  waitsFor?: StepWaiting;
  /** The first error of a step that is not done. */
  error?: z.infer<typeof ErrorView>;
}

type Facts = Pick<RunView, 'phase' | 'steps' | 'volumes'>;

/** @returns where a stage of a run stands, from its steps and, when it fans out, the run's volumes */
export function stageStatus(stage: StepDeclaration, { phase, steps, volumes }: Facts): StageStatus {
  const own = steps.filter(({ name }) => name === stage.name);
  const isDone = ({ state }: { state: string }) => state === 'Succeeded' || state === 'Skipped';
  const open = own.filter((step) => !isDone(step));
  const done = own.length - open.length;
  const known = steps.some((step) => step.name === 'preflight' && isDone(step));
  const all = stage.each ? volumes.filter(({ skipReason }) => skipReason === undefined).length : 1;
  const waitsFor = open.find((step) => step.state === 'Running' && step.waiting)?.waiting;
  const error = open.find((step) => step.error)?.error;
  return {
    state: stateOf(),
    ...(stage.each && known ? { volumes: { done, all } } : {}),
    attempt: Math.max(1, ...open.map(({ attempt }) => attempt)),
    ...(waitsFor ? { waitsFor } : {}),
    ...(error ? { error } : {}),
  };

  function stateOf(): StageState {
    const has = (state: string) => own.some((step) => step.state === state);
    if (has('Running')) return 'running';
    if (has('Failed')) return 'failed';
    // A run that was retried starts it again in its turn.
    if (has('Cancelled')) return phase === 'Running' ? 'waiting' : 'cancelled';
    if (has('Ready')) return done > 0 ? 'running' : 'queued';
    if (stage.each && known && all === 0) return 'skipped';
    if (own.length >= all && own.length > 0) return own.every(({ state }) => state === 'Skipped') ? 'skipped' : 'done';
    // What has not begun when the run ends never will.
    if (isFinished(phase) || (phase === 'Finishing' && !stage.always)) return 'cancelled';
    return done > 0 ? 'running' : 'waiting';
  }
}

const TEXT: Record<StageState, string> = {
  waiting: 'waits',
  queued: 'queued',
  running: 'running',
  done: 'done',
  skipped: 'nothing to do',
  failed: 'failed',
  cancelled: 'not done',
};

/** @returns a stage's status in a few words: `running, 2 of 5 volumes, attempt 3`; `waiting for node group workers: CREATING, 6 min` */
export function describeStage({ state, volumes, attempt, waitsFor }: StageStatus, now: number): string {
  return [
    waitsFor ? `waiting for ${waitsFor.what}: ${waitsFor.state}` : TEXT[state],
    waitsFor && sinceText(waitsFor.since, now),
    volumes && volumes.all > 0 && `${volumes.done} of ${volumes.all} ${volumes.all === 1 ? 'volume' : 'volumes'}`,
    attempt > 1 && `attempt ${attempt}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** In whole minutes, as it is read again and again. */
function sinceText(since: string, now: number): string | undefined {
  const minutes = Math.floor((now - Date.parse(since)) / 60_000);
  return minutes > 0 ? formatDuration(minutes * 60_000) : undefined;
}
