import type { ErrorReport } from '@godwit/contracts/errors';
import type { StepName, StepState } from '@godwit/contracts/run';

/** A step that a worker holds. */
export interface ClaimedStep {
  id: string;
  runId: string;
  name: StepName;
  /** The volume's id, or empty. */
  item: string;
  attempt: number;
}

export type StepEnd =
  | { state: Extract<StepState, 'Succeeded' | 'Skipped'>; output?: object; error?: ErrorReport }
  | { state: Extract<StepState, 'Failed' | 'Cancelled'>; error: ErrorReport };

/** What the holder of a step learns when it renews its lease. */
export type LeaseState =
  /** Go on. */
  | 'held'
  /** The run ends: stop. */
  | 'stop'
  /** Another holds the step: stop, and write nothing. */
  | 'lost';

/** Who works on what. All writes are fenced by the step's attempt: a stale holder changes nothing. */
export interface StepLedger {
  /** @returns undefined if the step is not to be had (any more): the message was late */
  claim(stepId: string, attempt: number, worker: string): Promise<ClaimedStep | undefined>;
  renew(step: ClaimedStep): Promise<LeaseState>;
  /** @returns false if the step was lost meanwhile */
  finish(step: ClaimedStep, end: StepEnd): Promise<boolean>;
  /** Gives the step back, for another worker to take at once. */
  release(step: ClaimedStep): Promise<void>;
}
