import { timesAfter, timeUntil } from '@godwit/contracts/cron';
import type { RunKind } from '@godwit/contracts/run';
import type { ConcurrencyPolicy } from '@godwit/contracts/schedules';

export interface ScheduleFacts {
  kind: RunKind;
  schedule: string;
  timeZone: string;
  suspend: boolean;
  concurrencyPolicy: ConcurrencyPolicy;
  startingDeadlineSeconds: number | null;
  nextRunAt: Date;
  /** Unfinished runs of the migration whose time has come. */
  unfinished: readonly { id: string; kind: RunKind; phase: string; ofThisSchedule: boolean }[];
}

/** What becomes of a time that has come. */
export interface Firing {
  scheduleTime: Date;
  nextRunAt: Date;
  /** Whether a run is made. */
  starts: boolean;
  /** Runs that are cancelled for it. */
  cancels: readonly string[];
  /** Why no run is made, for people. */
  skipped?: string;
}

/** @returns undefined if no time has come. Of times that were missed only the last counts. */
export function fireSchedule(facts: ScheduleFacts, now: Date): Firing | undefined {
  const { schedule, timeZone, concurrencyPolicy, startingDeadlineSeconds, unfinished } = facts;
  if (facts.suspend || facts.nextRunAt > now) return undefined;
  // Backwards, a time that the time zone skips may be read as one of the day before.
  const scheduleTime = new Date(Math.max(timeUntil(schedule, timeZone, now).getTime(), facts.nextRunAt.getTime()));
  const [nextRunAt] = timesAfter(schedule, timeZone, now, 1);
  const firing = { scheduleTime, nextRunAt: nextRunAt!, starts: false, cancels: [] };
  const lateSeconds = Math.floor((now.getTime() - scheduleTime.getTime()) / 1000);
  if (startingDeadlineSeconds !== null && lateSeconds > startingDeadlineSeconds) {
    const skipped = `nobody could start it in time: ${lateSeconds} s late, at most ${startingDeadlineSeconds} s are allowed`;
    return { ...firing, skipped };
  }
  const [first] = unfinished;
  if (!first) return { ...firing, starts: true };
  // Of another kind, it is people's: a cut-over that has stopped the source, a rollback on its way.
  const other = unfinished.find(({ kind }) => kind !== facts.kind);
  if (concurrencyPolicy === 'Replace' && other)
    return {
      ...firing,
      skipped: `the run ${other.id} of the migration is unfinished, and a ${other.kind} is not cancelled for it`,
    };
  if (concurrencyPolicy === 'Replace') return { ...firing, starts: true, cancels: unfinished.map(({ id }) => id) };
  if (concurrencyPolicy === 'Forbid') return { ...firing, skipped: `the run ${first.id} of the migration is unfinished` };
  const waiting = unfinished.find(({ phase, ofThisSchedule }) => phase === 'Queued' && ofThisSchedule);
  return waiting ? { ...firing, skipped: `its run ${waiting.id} waits already` } : { ...firing, starts: true };
}
