import { z } from 'zod';
import { ArchiveRetention } from './retention.ts';

const { successHours, failureHours } = ArchiveRetention.shape;

/** What holds for all of an organisation. */
export const Settings = z.object({
  retention: z
    .object({
      archive: z.object({ successHours: successHours.default(0), failureHours: failureHours.default(0) }).prefault({}),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof Settings>;

/** What is absent stays. */
export const UpdateSettings = z.object({ retention: z.object({ archive: ArchiveRetention.partial() }).partial() }).partial();
export type UpdateSettings = z.infer<typeof UpdateSettings>;
