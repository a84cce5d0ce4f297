import type { ConcurrencyPolicy } from '@godwit/contracts/schedules';

/** What becomes of a time that comes while a run of the migration is unfinished. */
export const POLICY_TEXT: Record<ConcurrencyPolicy, string> = {
  Forbid: 'Forbid: the time is left out',
  Queue: 'Queue: its run waits for that one',
  Replace: 'Replace: that one is cancelled, its run comes then',
};
