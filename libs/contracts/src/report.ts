import { z } from 'zod';
import { RunFindingView, RunObjectView, RunSummary } from './api.ts';
import { ErrorView, EventLevel, ObjectOutcome, StepName } from './run.ts';

/** A step of a run, all its volumes together. */
export const ReportedStep = z.object({
  name: StepName,
  title: z.string(),
  /** What became of it: `Succeeded` only if it did for each volume. */
  outcome: z.enum(['Succeeded', 'Failed', 'Skipped', 'Cancelled', 'Unfinished', 'NotReached']),
  /** Of a step of each volume: how many there were. */
  volumes: z.number().int().optional(),
  startedAt: z.iso.datetime().optional(),
  finishedAt: z.iso.datetime().optional(),
  /** From the first start to the last end. */
  seconds: z.number().optional(),
  /** How often workers took it, all volumes together. */
  attempts: z.number().int(),
  /** The attempts that did not succeed, in the order of their times; the first of many. */
  failures: z.array(
    z.object({
      at: z.iso.datetime(),
      attempt: z.number().int(),
      /** `namespace/name` of a volume. */
      volume: z.string().optional(),
      outcome: z.string(),
      error: ErrorView.optional(),
    }),
  ),
});
export type ReportedStep = z.infer<typeof ReportedStep>;

export const ReportedVolume = z.object({
  namespace: z.string(),
  name: z.string(),
  targetNamespace: z.string(),
  capacityBytes: z.number(),
  /** Why its data was not moved. */
  skipReason: z.string().optional(),
  /** Of its content, on the destination. */
  bytes: z.number(),
  files: z.number(),
  /** That crossed the network into the store. */
  storedBytes: z.number(),
  copySeconds: z.number().optional(),
  restoreSeconds: z.number().optional(),
  /** Content bytes per second of its copy. */
  rate: z.number().optional(),
  /** Whether what was written is what was read, by the digests of both. */
  digests: z.enum(['Equal', 'Different', 'Unknown']),
  /** How many files were told of while it was copied and restored. */
  warnings: z.number().int(),
});
export type ReportedVolume = z.infer<typeof ReportedVolume>;

/** So many of a list are told, and how many there are. */
const listed = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), total: z.number().int() });

/** What a run was and did, to be kept and printed. It has no secret, no manifest and no output of a hook. */
export const RunReport = z.object({
  generatedAt: z.iso.datetime(),
  run: RunSummary,
  /** Until now, of a run that goes on. */
  seconds: z.number(),
  /** What was to be migrated and how, for people. */
  definition: z.array(z.object({ label: z.string(), value: z.string() })),
  /** How long the application was down, of a run that has stopped it. */
  downtime: z.object({ from: z.iso.datetime(), until: z.iso.datetime().optional(), seconds: z.number().optional() }).optional(),
  /** The worst first. */
  findings: listed(RunFindingView),
  steps: z.array(ReportedStep),
  volumes: z.array(ReportedVolume),
  /** How many objects of each kind had which outcome. */
  objects: z.array(z.object({ kind: z.string(), outcomes: z.partialRecord(ObjectOutcome, z.number().int()) })),
  /** Objects that failed, or are there and not as asked. */
  troubled: listed(RunObjectView),
  /** Objects that were left as they are on purpose, and why. */
  left: listed(RunObjectView),
  /** What was told of each hook and pod. */
  hooks: listed(z.object({ at: z.iso.datetime(), step: StepName, level: EventLevel, message: z.string() })),
});
export type RunReport = z.infer<typeof RunReport>;
