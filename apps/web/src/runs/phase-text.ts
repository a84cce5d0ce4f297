import type { RunPhase } from '@godwit/contracts/run';

const TEXT: Record<RunPhase, string> = {
  Running: 'Running',
  Finishing: 'Cleaning up',
  Succeeded: 'Succeeded',
  Failed: 'Failed',
  Cancelled: 'Cancelled',
};

/** @returns a run's phase for people */
export function phaseText({ phase, cancelRequestedAt }: { phase: RunPhase; cancelRequestedAt?: string | undefined }): string {
  return phase === 'Running' && cancelRequestedAt ? 'Cancelling' : TEXT[phase];
}

/** @returns the colour of a run's progress bar; undefined while nothing is decided */
export function barVariant(phase: RunPhase): 'success' | 'danger' | undefined {
  if (phase === 'Succeeded') return 'success';
  return phase === 'Failed' ? 'danger' : undefined;
}

/** @returns a share of 0 to 1 as whole per cent; 100 only when all is done */
export function percentOf(share: number): number {
  return Math.floor(Math.min(1, Math.max(0, share)) * 100);
}
