import { UNFINISHED_PHASES } from '@godwit/contracts/run';
import type { Prisma } from './generated/client.ts';

/** Refuses what a migration cannot bear while a run of it is unfinished. */
export class UnfinishedRunError extends Error {
  constructor(readonly runId: string) {
    super(`the run ${runId} of the migration is unfinished`);
  }
}

/**
 * Takes the row of a migration until the end of the transaction, if it has no unfinished run: two runs at once would fight
 * over the same namespaces, and none may start while its migration is deleted. Previews change nothing and are no hindrance.
 *
 * @returns false if the organisation has no such migration
 * @throws UnfinishedRunError
 */
export async function lockIdleMigration(
  transaction: Prisma.TransactionClient,
  organisationId: string,
  id: string,
): Promise<boolean> {
  const locked = await transaction.$queryRaw<unknown[]>`
    SELECT id FROM "Migration" WHERE id = ${id}::uuid AND "organisationId" = ${organisationId}::uuid FOR UPDATE`;
  const unfinished = await transaction.run.findFirst({
    where: { migrationId: id, organisationId, kind: { not: 'Preview' }, phase: { in: UNFINISHED_PHASES } },
    select: { id: true },
  });
  if (unfinished) throw new UnfinishedRunError(unfinished.id);
  return locked.length > 0;
}

/** Refuses to take back what was taken back already. */
export class RolledBackError extends Error {
  constructor(readonly rollbackId: string) {
    super(`the run was taken back by the rollback ${rollbackId}`);
  }
}

/**
 * Holds the row of a run until the end of the transaction, if no rollback of it is unfinished or has succeeded.
 *
 * @throws UnfinishedRunError, RolledBackError
 */
export async function refuseSecondRollback(transaction: Prisma.TransactionClient, runId: string): Promise<void> {
  await transaction.$queryRaw`SELECT id FROM "Run" WHERE id = ${runId}::uuid FOR UPDATE`;
  const other = await transaction.run.findFirst({
    where: { rollbackOfId: runId, phase: { in: [...UNFINISHED_PHASES, 'Succeeded'] } },
    select: { id: true, phase: true },
  });
  if (!other) return;
  throw other.phase === 'Succeeded' ? new RolledBackError(other.id) : new UnfinishedRunError(other.id);
}
