import { z } from 'zod';

/** Hours; parts of one are allowed. At most ten years. */
const Hours = z.number().min(0).max(87_660);

/**
 * How long archives are kept after the end of their run; 0: they are deleted with it. It is not for those of stages and cut-overs: of
 * them stays what the next stage or the cut-over goes on from, and a cut-over that succeeds deletes all.
 */
export const ArchiveRetention = z.object({
  successHours: Hours,
  /** Of a run that failed or was cancelled. */
  failureHours: Hours,
});
export type ArchiveRetention = z.infer<typeof ArchiveRetention>;

/** What a migration keeps; what is absent is as the organisation's settings say. */
export const MigrationRetention = z.object({ archive: ArchiveRetention.partial().prefault({}) });
export type MigrationRetention = z.infer<typeof MigrationRetention>;
