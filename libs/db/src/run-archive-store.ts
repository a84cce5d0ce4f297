import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';
import { type StoredRun, toStoredRun } from './run-store.ts';

/** How long the archives of runs are kept. Which are due is asked by every replica; each is handed to one of them. */
@Injectable()
export class RunArchiveStore {
  constructor(private readonly prisma: PrismaService) {}

  /**
   * Tells when the archive of a run that ends is to be deleted. What was told first holds, so that an attempt which is repeated
   * does not keep it longer.
   *
   * @returns what holds
   */
  async keepUntil(runId: string, until: Date): Promise<Date> {
    const data = { archiveKeptUntil: until, archiveSweepAt: until };
    await this.prisma.run.updateMany({ where: { id: runId, archiveKeptUntil: null }, data });
    const row = await this.prisma.run.findUniqueOrThrow({ where: { id: runId }, select: { archiveKeptUntil: true } });
    return row.archiveKeptUntil!;
  }

  /**
   * Has the archive of a finished run deleted as soon as possible.
   *
   * @returns false if there is none: the run is not finished, or its archive is gone already
   */
  async requestDeletion(organisationId: string, runId: string): Promise<boolean> {
    const now = new Date();
    const { count } = await this.prisma.run.updateMany({
      where: { id: runId, organisationId, finishedAt: { not: null }, archiveKeptUntil: { not: null }, archiveDeletedAt: null },
      data: { archiveKeptUntil: now, archiveSweepAt: now },
    });
    return count > 0;
  }

  /**
   * Finished runs whose archive is due, for the caller to delete it. They are due for others again when the lease has ended: two
   * that delete the same do no harm.
   *
   * @param leaseMs how long the caller may take. Milliseconds.
   */
  async claimDue(limit: number, leaseMs: number): Promise<StoredRun[]> {
    const now = new Date();
    const claimed = await this.prisma.$queryRaw<{ id: string }[]>`
      UPDATE "Run" SET "archiveSweepAt" = ${new Date(now.getTime() + leaseMs)} WHERE id IN (
        SELECT id FROM "Run" WHERE "archiveSweepAt" <= ${now} AND "finishedAt" IS NOT NULL
        ORDER BY "archiveSweepAt" LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    const rows = await this.prisma.run.findMany({ where: { id: { in: claimed.map(({ id }) => id) } } });
    return rows.map(toStoredRun);
  }

  async noteDeleted(runId: string): Promise<void> {
    await this.prisma.run.update({ where: { id: runId }, data: { archiveDeletedAt: new Date(), archiveSweepAt: null } });
  }

  /** @returns how often it has failed by now */
  async noteFailure(runId: string): Promise<number> {
    const data = { archiveSweepFailures: { increment: 1 } };
    const row = await this.prisma.run.update({ where: { id: runId }, data, select: { archiveSweepFailures: true } });
    return row.archiveSweepFailures;
  }

  async tryAgainAt(runId: string, at: Date): Promise<void> {
    await this.prisma.run.updateMany({ where: { id: runId, archiveDeletedAt: null }, data: { archiveSweepAt: at } });
  }

  /** Finished runs whose archive is still in a store, which so must stay registered. */
  countKeptIn(organisationId: string, objectStoreId: string): Promise<number> {
    return this.prisma.run.count({
      where: {
        organisationId,
        storage: { path: ['objectStoreId'], equals: objectStoreId },
        finishedAt: { not: null },
        archiveKeptUntil: { not: null },
        archiveDeletedAt: null,
      },
    });
  }
}
