import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';

const LONGEST_MS = 120_000;

/** One holder for each cluster over all replicas; freed with the connection, so a dead holder locks nothing. */
@Injectable()
export class ClusterLock {
  constructor(private readonly prisma: PrismaService) {}

  hold<T>(clusterId: string, work: () => Promise<T>): Promise<T> {
    return this.prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`cluster/${clusterId}`}, 0))`;
        return work();
      },
      { timeout: LONGEST_MS, maxWait: LONGEST_MS },
    );
  }
}
