import type { MigrationRetention } from '@godwit/contracts/retention';
import type { RunKind, RunOutcome } from '@godwit/contracts/run';
import type { Settings } from '@godwit/contracts/settings';

const HOUR_MS = 3_600_000;

export interface EndingRun {
  kind: RunKind;
  outcome: RunOutcome;
  retention: MigrationRetention;
}

/**
 * When the archive of a run that ends now is to be deleted: as its migration says, else as the settings of the organisation do.
 *
 * @returns `now` for one that is not kept; only those of migrations in one run ever are. Of runs of a staged migration is kept what the
 * next one goes on from, as long as it does
 */
export function keepArchiveUntil({ kind, outcome, retention }: EndingRun, settings: Settings, now: Date): Date {
  if (kind !== 'Migration') return now;
  const which = outcome === 'Succeeded' ? 'successHours' : 'failureHours';
  const hours = retention.archive[which] ?? settings.retention.archive[which];
  return new Date(now.getTime() + Math.round(hours * HOUR_MS));
}

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = HOUR_MS;

/** How long to wait before an archive that could not be deleted is tried again. Milliseconds. */
export function archiveDeletionWait(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS);
}
