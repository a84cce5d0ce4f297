import type { WaitView } from '@godwit/contracts/api';
import type { RunPhase } from '@godwit/contracts/run';

const TEXT: Record<RunPhase, string> = {
  Queued: 'Queued',
  Running: 'Running',
  Held: 'Held',
  Finishing: 'Cleaning up',
  Succeeded: 'Succeeded',
  Failed: 'Failed',
  Cancelled: 'Cancelled',
};

export interface Phase {
  phase: RunPhase;
  cancelRequestedAt?: string | undefined;
  retryRequestedAt?: string | undefined;
  pausedAt?: string | undefined;
}

/** @returns a run's phase for people */
export function phaseText({ phase, ...asked }: Phase): string {
  if (phase === 'Running' && asked.cancelRequestedAt) return 'Cancelling';
  if (phase === 'Running' && asked.pausedAt) return 'Paused';
  return phase === 'Held' && asked.retryRequestedAt ? 'Retrying' : TEXT[phase];
}

/** @returns why a run is in the queue still, in the reader's own time where it waits for one */
export function waitText({ waiting, startAt }: { waiting: WaitView; startAt?: string | undefined }): string {
  return waiting.reason === 'StartTime' && startAt ? `Starts at ${new Date(startAt).toLocaleString()}` : waiting.message;
}

/** @returns the colour of a run's progress bar; undefined while nothing is decided */
export function barVariant(phase: RunPhase): 'success' | 'danger' | undefined {
  if (phase === 'Succeeded') return 'success';
  return phase === 'Failed' || phase === 'Held' ? 'danger' : undefined;
}

/** @returns a share of 0 to 1 as whole per cent; 100 only when all is done */
export function percentOf(share: number): number {
  return Math.floor(Math.min(1, Math.max(0, share)) * 100);
}
