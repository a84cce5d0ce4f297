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
  /** Of a step that moves data. */
  streams?: StreamGrant;
  /** It is only to be stopped: an earlier worker may have left something of it running. */
  stop?: StopReason;
}

/** Why a step is to stop: its run ends or is held, or the run is paused and the step goes on later. */
export type StopReason = 'run-ends' | 'paused';

/** The streams of a step that moves data. */
export interface StreamGrant {
  /** How many its mover is to use. */
  told: number;
  /** Number of the order that says so: grows with each change. */
  order: number;
  /** The most that its mover may be using: more than it was told, until it has said that it follows. */
  held: number;
}

export type StepEnd =
  | { state: Extract<StepState, 'Succeeded' | 'Skipped'>; output?: object; error?: ErrorReport }
  | { state: Extract<StepState, 'Failed' | 'Cancelled'>; error: ErrorReport };

/** What the holder of a step learns when it renews its lease. */
export interface Lease {
  /** `held`: go on. `lost`: another holds the step, stop and write nothing. Else: stop, for that reason. */
  state: 'held' | 'lost' | StopReason;
  /** Of a step that moves data, as long as it is not lost. */
  streams?: StreamGrant;
}

export interface ReleaseOptions {
  /** Nothing of it runs any more: while its run is paused it is not handed out. */
  isStopped?: boolean;
  notBefore?: Date;
}

/** Who works on what. All writes are fenced by the step's attempt: a stale holder changes nothing. */
export interface StepLedger {
  /** @returns undefined if the step is not to be had (any more): the message was late */
  claim(stepId: string, attempt: number, worker: string): Promise<ClaimedStep | undefined>;
  renew(step: ClaimedStep): Promise<Lease>;
  /** @returns false if the step was lost meanwhile */
  finish(step: ClaimedStep, end: StepEnd): Promise<boolean>;
  /**
   * Notes what the mover of a step that moves data may be using, so that others get what it gave back.
   *
   * @param order number of the order that the mover follows; if there is a newer one, what it says means nothing any more
   */
  confirmStreams(step: ClaimedStep, order: number, inUse: number): Promise<void>;
  /** Gives the step back, for another worker to take: at once, unless `how` says otherwise. */
  release(step: ClaimedStep, how?: ReleaseOptions): Promise<void>;
}
