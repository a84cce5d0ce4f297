import type { ErrorReport } from '@godwit/contracts/errors';
import type { NotifiedPhase, WebhookMessage } from '@godwit/contracts/webhooks';
import type { Prisma, Run } from './generated/client.ts';
import { toJson } from './json.ts';
import { toStoredRun } from './run-store.ts';

/**
 * Writes a message for each webhook that is to be told of a state of a run, in the transaction that brings the state about: what is
 * committed is told, however often this process dies.
 */
export async function tellWebhooks(
  transaction: Prisma.TransactionClient,
  run: Run,
  told: { phase: NotifiedPhase; error?: ErrorReport } | undefined,
): Promise<void> {
  if (!told) return;
  const { organisationId, id: runId } = run;
  const webhooks = await transaction.webhook.findMany({
    where: { organisationId, phases: { has: told.phase } },
    select: { id: true },
  });
  if (webhooks.length === 0) return;
  const body = toJson(messageOf(run, told));
  await transaction.webhookDelivery.createMany({
    data: webhooks.map(({ id: webhookId }) => ({ webhookId, runId, phase: told.phase, body })),
  });
}

const TYPES: Record<NotifiedPhase, WebhookMessage['type']> = {
  Running: 'run.running',
  Held: 'run.held',
  Succeeded: 'run.succeeded',
  Failed: 'run.failed',
  Cancelled: 'run.cancelled',
};

function messageOf(row: Run, { phase, error: ofCleanup }: { phase: NotifiedPhase; error?: ErrorReport }): WebhookMessage {
  const { id: runId, kind, migrationId, definition, error: ofRun } = toStoredRun(row);
  const error = ofRun ?? ofCleanup;
  return {
    type: TYPES[phase],
    timestamp: new Date().toISOString(),
    data: {
      runId,
      kind,
      phase,
      ...(migrationId ? { migrationId } : {}),
      migrationName: definition.name,
      ...(error ? { error } : {}),
    },
  };
}
