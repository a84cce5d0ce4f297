import { z } from 'zod';

/** What preflight, a transform or an apply has to tell of one object. Errors stop a run before anything is touched. */
export const Finding = z.object({
  severity: z.enum(['error', 'warning', 'note']),
  /** Stable CamelCase reason. */
  reason: z.string(),
  message: z.string(),
  /** `Kind namespace/name`, if it is about one. */
  object: z.string().optional(),
  /** Name of the cluster, if it is about one. */
  cluster: z.string().optional(),
  /** What to do, as a sentence. */
  cure: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;
