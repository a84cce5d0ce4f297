import { UNFINISHED_PHASES } from '@godwit/contracts/run';
import type { Prisma } from './generated/client.ts';

/** Refuses what a migration cannot bear while a run of it is unfinished. */
export class UnfinishedRunError extends Error {
  constructor(readonly runId: string) {
    super(`the run ${runId} of the migration is unfinished`);
  }
}

/**
 * Takes the row of a migration until the end of the transaction, so that it is not deleted and no other run of it is made meanwhile.
 *
 * @returns false if the organisation has no such migration
 */
export async function lockMigration(transaction: Prisma.TransactionClient, organisationId: string, id: string): Promise<boolean> {
  const locked = await transaction.$queryRaw<unknown[]>`
    SELECT id FROM "Migration" WHERE id = ${id}::uuid AND "organisationId" = ${organisationId}::uuid FOR UPDATE`;
  return locked.length > 0;
}

/**
 * As {@link lockMigration}, if it has no unfinished run whose time has come: two runs at once would fight over the same namespaces.
 * Previews change nothing and are no hindrance; nor is a run that is to start later, which waits for its turn then.
 *
 * @returns false if the organisation has no such migration
 * @throws UnfinishedRunError
 */
export async function lockIdleMigration(
  transaction: Prisma.TransactionClient,
  organisationId: string,
  id: string,
): Promise<boolean> {
  const locked = await lockMigration(transaction, organisationId, id);
  await refuseUnfinished(transaction, organisationId, id, {
    OR: [{ phase: { not: 'Queued' } }, { startAt: null }, { startAt: { lte: new Date() } }],
  });
  return locked;
}

/**
 * As {@link lockMigration}, if it has no unfinished run at all.
 *
 * @returns false if the organisation has no such migration
 * @throws UnfinishedRunError
 */
export async function lockUnusedMigration(
  transaction: Prisma.TransactionClient,
  organisationId: string,
  id: string,
): Promise<boolean> {
  const locked = await lockMigration(transaction, organisationId, id);
  await refuseUnfinished(transaction, organisationId, id, {});
  return locked;
}

async function refuseUnfinished(
  transaction: Prisma.TransactionClient,
  organisationId: string,
  migrationId: string,
  which: Prisma.RunWhereInput,
): Promise<void> {
  const unfinished = await transaction.run.findFirst({
    where: { migrationId, organisationId, kind: { not: 'Preview' }, phase: { in: UNFINISHED_PHASES }, ...which },
    select: { id: true },
  });
  if (unfinished) throw new UnfinishedRunError(unfinished.id);
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
  const other = await findRollback(transaction, runId);
  if (!other) return;
  throw other.phase === 'Succeeded' ? new RolledBackError(other.id) : new UnfinishedRunError(other.id);
}

/** @returns the rollback of a run that is unfinished or has succeeded */
export function findRollback(client: Pick<Prisma.TransactionClient, 'run'>, runId: string) {
  return client.run.findFirst({
    where: { rollbackOfId: runId, phase: { in: [...UNFINISHED_PHASES, 'Succeeded'] } },
    select: { id: true, phase: true },
  });
}
