import { z } from 'zod';
import { Limit, PageQuery } from './pages.ts';
import { ErrorView, RunKind } from './run.ts';

/** The states of a run that are told: it has begun, it failed and waits for a decision, or it is over. */
export const NotifiedPhase = z.enum(['Running', 'Held', 'Succeeded', 'Failed', 'Cancelled']);
export type NotifiedPhase = z.infer<typeof NotifiedPhase>;

export const SaveWebhook = z.object({
  name: z.string().trim().min(1).max(120),
  /** `http` or `https`, without user and password. Addresses that are not public are refused unless the operator allows them. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .refine(
      // What is no URL is told as that.
      (url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''),
      'has a user or a password; sign in by the signature',
    ),
  phases: z.array(NotifiedPhase).min(1).default(['Held', 'Succeeded', 'Failed', 'Cancelled']),
});
export type SaveWebhook = z.infer<typeof SaveWebhook>;

export const WebhookView = SaveWebhook.extend({
  id: z.uuid(),
  /** Grows with each change; its ETag too. */
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type WebhookView = z.infer<typeof WebhookView>;

/** With the key of its signatures, which is told this once (https://www.standardwebhooks.com). */
export const CreatedWebhook = WebhookView.extend({ signingKey: z.string() });
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;

export const WebhookDeliveryView = z.object({
  id: z.uuid(),
  runId: z.uuid(),
  phase: NotifiedPhase,
  attempts: z.number().int(),
  createdAt: z.iso.datetime(),
  deliveredAt: z.iso.datetime().optional(),
  /** When it is tried again; absent once it is delivered or given up. */
  nextAt: z.iso.datetime().optional(),
  /** What came of the last attempt, if it failed. */
  problem: z.string().optional(),
});
export type WebhookDeliveryView = z.infer<typeof WebhookDeliveryView>;

/** The body of a request. */
export const WebhookMessage = z.object({
  /** `run.succeeded` */
  type: z.enum(['run.running', 'run.held', 'run.succeeded', 'run.failed', 'run.cancelled']),
  timestamp: z.iso.datetime(),
  data: z.object({
    runId: z.uuid(),
    kind: RunKind,
    phase: NotifiedPhase,
    migrationId: z.uuid().optional(),
    migrationName: z.string(),
    error: ErrorView.optional(),
  }),
});
export type WebhookMessage = z.infer<typeof WebhookMessage>;

export const DeliveriesQuery = PageQuery.extend({ limit: Limit(1000, 100) });
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>;
