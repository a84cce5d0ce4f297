import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';

const LONGEST_MS = 120_000;

/** One holder for each cluster over all replicas; freed with the connection, so a dead holder locks nothing. */
@Injectable()
export class ClusterLock {
  /** The end of the last one that waits in this process. */
  private readonly last = new Map<string, Promise<void>>();

  constructor(private readonly prisma: PrismaService) {}

  /** Runs `work` when no other holder of this cluster, here or in another process, does. At most two minutes. */
  async hold<T>(clusterId: string, work: () => Promise<T>): Promise<T> {
    // Those of this process wait for each other here: each that waits in Postgres takes a connection.
    const before = this.last.get(clusterId) ?? Promise.resolve();
    const mine = before.then(() => this.holdAmongProcesses(clusterId, work));
    const settled = mine.then(
      () => {},
      () => {},
    );
    this.last.set(clusterId, settled);
    try {
      return await mine;
    } finally {
      if (this.last.get(clusterId) === settled) this.last.delete(clusterId);
    }
  }

  private holdAmongProcesses<T>(clusterId: string, work: () => Promise<T>): Promise<T> {
    return this.prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`cluster/${clusterId}`}, 0))`;
        return work();
      },
      { timeout: LONGEST_MS, maxWait: LONGEST_MS },
    );
  }
}
