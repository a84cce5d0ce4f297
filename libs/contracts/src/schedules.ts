import { z } from 'zod';
import { cronProblem, isTimeZone } from './cron.ts';
import { NamedQuery } from './pages.ts';

const Cron = z
  .string()
  .trim()
  .max(200)
  .superRefine((cron, context) => {
    const message = cronProblem(cron);
    if (message) context.addIssue({ code: 'custom', message });
  });

/**
 * What becomes of a time that comes while a run of the migration is unfinished. `Forbid`: it is left out. `Queue`: its run waits for
 * that one, unless one of the schedule waits already. `Replace`: that one is cancelled, and its run comes then; one of another kind
 * (a cut-over, a rollback) is never cancelled, and the time is left out. Two runs of a migration never go on at once, so there is no
 * `Allow`.
 */
export const ConcurrencyPolicy = z.enum(['Forbid', 'Queue', 'Replace']);
export type ConcurrencyPolicy = z.infer<typeof ConcurrencyPolicy>;

/** When runs of a migration start by themselves; named as a CronJob of Kubernetes names it. */
export const SaveSchedule = z.object({
  name: z.string().trim().min(1).max(120),
  migrationId: z.uuid(),
  /** Five fields, or as `@daily`. */
  schedule: Cron,
  /** IANA name. */
  timeZone: z.string().max(64).refine(isTimeZone, 'is not the name of a time zone, as Europe/Berlin').default('UTC'),
  suspend: z.boolean().default(false),
  concurrencyPolicy: ConcurrencyPolicy.default('Forbid'),
  /** A time that was missed (nobody ran then) is made up for until so many seconds later, once however many were; null: ever. */
  startingDeadlineSeconds: z.number().int().min(10).max(31_536_000).nullable().default(3_600),
  kind: z.enum(['Migration', 'Stage']).default('Migration'),
});
export type SaveSchedule = z.infer<typeof SaveSchedule>;

export const ScheduleView = SaveSchedule.extend({
  id: z.uuid(),
  /** None while it is suspended. */
  nextTimes: z.array(z.iso.datetime()),
  lastScheduleTime: z.iso.datetime().optional(),
  /** What became of the last time, for people. */
  lastOutcome: z.string().optional(),
  /** Grows with each change, not when a time has come; its ETag changes with both. */
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

export const SchedulesQuery = NamedQuery.extend({ migrationId: z.uuid().optional() });
export type SchedulesQuery = z.infer<typeof SchedulesQuery>;
