import { z } from 'zod';

export const STEP_NAMES = [
  'preflight',
  'provision-cluster',
  'check-destination',
  'pre-hooks',
  'capture-resources',
  'quiesce-source',
  'snapshot-volume',
  'post-hooks',
  'copy-volume',
  'restore-volume',
  'apply-resources',
  'destination-hooks',
  'verify',
  'plan-resources',
  'roll-back',
  'resume-source',
  'discard-staging',
  'cleanup',
  'delete-cluster',
] as const;
export const StepName = z.enum(STEP_NAMES);
export type StepName = z.infer<typeof StepName>;

/**
 * What a run is for: to migrate, to tell beforehand what that would do, or to take back what a migration did.
 *
 * A staged migration has several: `Stage` copies the volumes beside the running application, as often as wished, each time
 * only what changed; `CutOver` stops the source, copies the rest and migrates; `DiscardStaging` takes away what was staged.
 */
export const RunKind = z.enum(['Migration', 'Preview', 'Rollback', 'Stage', 'CutOver', 'DiscardStaging']);
export type RunKind = z.infer<typeof RunKind>;

/** The kinds of run that leave an application on the destination, and so can be rolled back. */
export const MIGRATING_KINDS = ['Migration', 'CutOver'] as const satisfies readonly RunKind[];
/** The kinds of run that have temporary objects in clusters. */
export const WORKING_KINDS = [...MIGRATING_KINDS, 'Stage', 'DiscardStaging'] as const satisfies readonly RunKind[];

export function isMigrating(kind: RunKind): boolean {
  return MIGRATING_KINDS.some((migrating) => migrating === kind);
}

/** Whether a run of this kind fills, or goes on with, staged volumes. */
export function isStaging(kind: RunKind): boolean {
  return kind === 'Stage' || kind === 'CutOver';
}

export const StepState = z.enum(['Ready', 'Running', 'Succeeded', 'Failed', 'Skipped', 'Cancelled']);
export type StepState = z.infer<typeof StepState>;

/**
 * `Queued`: nothing of it has begun. `Held`: it failed and keeps what it has, to be retried or given up. `Finishing`: the outcome is
 * decided, cleanup goes on.
 */
export const RunPhase = z.enum(['Queued', 'Running', 'Held', 'Finishing', 'Succeeded', 'Failed', 'Cancelled']);
export type RunPhase = z.infer<typeof RunPhase>;
/** Of these a run still has something in the clusters or the store, or will have. */
export const UNFINISHED_PHASES = RunPhase.exclude(['Succeeded', 'Failed', 'Cancelled']).options;
/** Of these, those of a run that has left the queue. */
export const ACTIVE_PHASES = RunPhase.extract(['Running', 'Held', 'Finishing']).options;
export type RunOutcome = Extract<RunPhase, 'Succeeded' | 'Failed' | 'Cancelled'>;

export function isFinished(phase: RunPhase): phase is RunOutcome {
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Cancelled';
}

/** Whether a migrating run that is over has changed what a rollback takes back: it applied objects, or left the source stopped. */
export function hasToRollBack(run: { quiescedAt?: unknown; steps: readonly { name: string; state: StepState }[] }): boolean {
  const hasApplied = run.steps.some(({ name }) => name === 'apply-resources');
  const isResumed = run.steps.some(({ name, state }) => name === 'resume-source' && state === 'Succeeded');
  return hasApplied || (run.quiescedAt !== undefined && !isResumed);
}

/** What a step at work waits for, in somebody else's hands: a cluster that a cloud is creating. */
export const StepWaiting = z.object({
  /** For people: `node group workers of EKS cluster shop`. Of several things that which has been waited for the longest. */
  what: z.string(),
  /** In the provider's own words: `CREATING`. */
  state: z.string(),
  /** When the waiting for it began, whoever did the step then. */
  since: z.iso.datetime(),
});
export type StepWaiting = z.infer<typeof StepWaiting>;

/** What a run in the queue waits for. */
export const WaitReason = z.enum(['StartTime', 'Migration', 'Cluster', 'Organisation', 'Installation']);
export type WaitReason = z.infer<typeof WaitReason>;

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
  /** Digest of the archive since which only the changes were moved; none: all was. */
  base: z.string().optional(),
  warnings: z.number().optional(),
});
export type TransferProgress = z.infer<typeof TransferProgress>;

/** How far all volumes of a run are together. */
export const TransferTotals = z.object({
  bytesDone: z.number(),
  bytesTotal: z.number(),
  /** Nobody has looked into some of the volumes yet: their part of `bytesTotal` is a guess. */
  estimated: z.boolean(),
  filesDone: z.number(),
  /** Absent until it is known of every volume. */
  filesTotal: z.number().optional(),
  /** Content bytes per second over the last minute; absent until enough was seen, and when nothing moves. */
  rate: z.number().optional(),
  /** Until all has been moved, what waits for its turn included; absent until it can be told. */
  etaSeconds: z.number().int().nonnegative().optional(),
});
export type TransferTotals = z.infer<typeof TransferTotals>;

/** How far a run was at a time, and how fast since the point before: content bytes, and bytes per second. */
export const ThroughputPoint = z.object({
  at: z.iso.datetime(),
  copyBytes: z.number(),
  restoreBytes: z.number(),
  copyRate: z.number(),
  restoreRate: z.number(),
});
export type ThroughputPoint = z.infer<typeof ThroughputPoint>;

export const ErrorView = z.object({
  kind: z.enum(['fatal', 'retryable', 'declined']),
  reason: z.string(),
  message: z.string(),
  cure: z.string().optional(),
  subject: z.object({ cluster: z.string().optional(), object: z.string().optional() }).optional(),
  /** What was seen of a pod that failed: how its program ended, and what Kubernetes told of it. */
  evidence: z
    .object({
      exit: z.object({ code: z.number().int(), meaning: z.string() }).optional(),
      events: z.array(z.string()),
    })
    .optional(),
});

/**
 * What became of an object on the destination; of a preview, what would. `Warned`: it is there and could not be changed as asked.
 * `Deleted`, `Restored`: by a rollback.
 */
export const ObjectOutcome = z.enum([
  'Created',
  'Updated',
  'Merged',
  'Unchanged',
  'Skipped',
  'Warned',
  'Failed',
  'Deleted',
  'Restored',
]);
export type ObjectOutcome = z.infer<typeof ObjectOutcome>;

/** One difference between an object on the destination and what it becomes. Values of Secrets are never in it. */
export const FieldChange = z.object({
  /** JSON pointer (RFC 6901). */
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type FieldChange = z.infer<typeof FieldChange>;

export const EventLevel = z.enum(['info', 'warning', 'error']);
export type EventLevel = z.infer<typeof EventLevel>;
