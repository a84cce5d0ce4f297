import { z } from 'zod';

export const STEP_NAMES = [
  'preflight',
  'provision-cluster',
  'capture-resources',
  'snapshot-volume',
  'copy-volume',
  'restore-volume',
  'apply-resources',
  'verify',
  'cleanup',
] as const;
export const StepName = z.enum(STEP_NAMES);
export type StepName = z.infer<typeof StepName>;

export const StepState = z.enum(['Ready', 'Running', 'Succeeded', 'Failed', 'Skipped', 'Cancelled']);
export type StepState = z.infer<typeof StepState>;

export const RunPhase = z.enum(['Running', 'Finishing', 'Succeeded', 'Failed', 'Cancelled']);
export type RunPhase = z.infer<typeof RunPhase>;
export type RunOutcome = Extract<RunPhase, 'Succeeded' | 'Failed' | 'Cancelled'>;

export function isFinished(phase: RunPhase): phase is RunOutcome {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Cancelled';
}

/** How far one side of a volume is. Bytes are of the volume's content, stored bytes those that crossed the network. */
export const TransferProgress = z.object({
  bytesDone: z.number(),
  bytesTotal: z.number().optional(),
  filesDone: z.number(),
  filesTotal: z.number().optional(),
  storedBytes: z.number(),
  /** Streams that the mover may be using. */
  streams: z.number().optional(),
  /** Content bytes per second over the last seconds. */
  rate: z.number().optional(),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
  digest: z.string().optional(),
  warnings: z.number().optional(),
});
export type TransferProgress = z.infer<typeof TransferProgress>;

export const ErrorView = z.object({
  kind: z.enum(['fatal', 'retryable', 'declined']),
  reason: z.string(),
  message: z.string(),
  cure: z.string().optional(),
  subject: z.object({ cluster: z.string().optional(), object: z.string().optional() }).optional(),
});

export const ObjectOutcome = z.enum(['Created', 'Updated', 'Merged', 'Unchanged', 'Skipped', 'Failed']);
export type ObjectOutcome = z.infer<typeof ObjectOutcome>;

export const EventLevel = z.enum(['info', 'warning', 'error']);
export type EventLevel = z.infer<typeof EventLevel>;
