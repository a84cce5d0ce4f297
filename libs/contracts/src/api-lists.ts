import { z } from 'zod';
import { RunEventView, RunFindingView, RunObjectView, RunSummary } from './api.ts';
import { Finding } from './findings.ts';
import { Limit } from './pages.ts';
import { EventLevel, ObjectOutcome, RunKind, RunPhase, StepName, ThroughputPoint } from './run.ts';

/** The form of every list: an object, so that it can get more fields later. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });

export const RunsQuery = z.object({
  migrationId: z.uuid().optional(),
  kind: RunKind.optional(),
  phase: RunPhase.optional(),
  /** Of which it is the source or the destination. */
  clusterId: z.uuid().optional(),
  /** A part of the migration's name, whatever its case. */
  name: z.string().min(1).max(120).optional(),
  /** When it was made. */
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  /** `next` of the page before. */
  after: z.uuid().optional(),
  limit: Limit(500, 50),
});
export type RunsQuery = z.infer<typeof RunsQuery>;
/** Without `next` it is the last page. */
export const RunsPage = z.object({ items: z.array(RunSummary), next: z.uuid().optional() });
export type RunsPage = z.infer<typeof RunsPage>;

/** Id of a line of the log; as text since it may be larger than JavaScript's whole numbers. */
export const EventId = z.string().regex(/^\d{1,18}$/, 'is not the id of a line of the log');

/** Which lines of a log; all that is given must hold. */
export const EventFilter = z.object({
  /** This and what is worse. */
  level: EventLevel.optional(),
  step: StepName.optional(),
  /** Id of a volume. */
  item: z.uuid().optional(),
  /** In the message, whatever its case. */
  text: z.string().min(1).max(200).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});
export type EventFilter = z.infer<typeof EventFilter>;

/** `after` and `before` are ids of lines, and not among what is answered. */
export const EventsQuery = EventFilter.extend({
  after: EventId.default('0'),
  before: EventId.optional(),
  limit: Limit(1000, 500),
});
export type EventsQuery = z.infer<typeof EventsQuery>;
/** `next` is the `after` of the next page; it is there even when the page is the last for now, as the log may grow. */
export const EventsPage = z.object({ items: z.array(RunEventView), next: EventId });
export type EventsPage = z.infer<typeof EventsPage>;

export const LogQuery = EventFilter.extend({ format: z.enum(['text', 'ndjson']).default('text') });
export type LogQuery = z.infer<typeof LogQuery>;

/** The throughput of a run so far, the latest last. */
export const ThroughputView = listOf(ThroughputPoint);
export type ThroughputView = z.infer<typeof ThroughputView>;

export const ObjectsQuery = z.object({
  outcome: ObjectOutcome.optional(),
  /** `next` of the page before. */
  after: z.string().max(2000).optional(),
  limit: Limit(1000, 200),
});
export type ObjectsQuery = z.infer<typeof ObjectsQuery>;
/** Without `next` it is the last page. */
export const ObjectsPage = z.object({ items: z.array(RunObjectView), next: z.string().optional() });
export type ObjectsPage = z.infer<typeof ObjectsPage>;

export const FindingsQuery = z.object({
  severity: Finding.shape.severity.optional(),
  after: EventId.default('0'),
  limit: Limit(1000, 200),
});
export type FindingsQuery = z.infer<typeof FindingsQuery>;
/** `next` as of {@link EventsPage}. */
export const FindingsPage = z.object({ items: z.array(RunFindingView), next: EventId });
export type FindingsPage = z.infer<typeof FindingsPage>;
