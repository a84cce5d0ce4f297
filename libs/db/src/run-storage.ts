import { ArchiveStorage } from '@godwit/contracts/archive-storage';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { Prisma } from './generated/client.ts';

/** A run was to inherit its storage from a cluster that prefers none. */
export class NoPreferredStorageError extends Error {
  constructor(readonly clusterId: string) {
    super(`the cluster ${clusterId} has no preferred storage`);
  }
}

/**
 * Where the archive of a run that begins now will lie.
 *
 * @throws NoPreferredStorageError
 */
export async function resolveStorage(
  transaction: Pick<Prisma.TransactionClient, 'cluster'>,
  organisationId: string,
  { sourceClusterId, copy }: MigrationDefinition,
): Promise<ArchiveStorage> {
  if (copy.storage.type !== 'ClusterPreference') return copy.storage;
  const cluster = await transaction.cluster.findFirst({
    where: { id: sourceClusterId, organisationId },
    select: { preferredStorage: true },
  });
  if (!cluster?.preferredStorage) throw new NoPreferredStorageError(sourceClusterId);
  return ArchiveStorage.parse(cluster.preferredStorage);
}

/**
 * Where what is staged of a migration lies: a run that discards it writes nothing of its own, and so needs no other place.
 *
 * @returns undefined if nothing is staged
 */
export async function storageOfStaged(
  transaction: Pick<Prisma.TransactionClient, 'stagedVolume'>,
  organisationId: string,
  migrationId: string,
): Promise<ArchiveStorage | undefined> {
  const staged = await transaction.stagedVolume.findFirst({ where: { organisationId, migrationId }, select: { storage: true } });
  return staged ? ArchiveStorage.parse(staged.storage) : undefined;
}
