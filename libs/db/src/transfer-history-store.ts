import type { ArchiveStorage } from '@godwit/contracts/archive-storage';
import type { TransferProgress } from '@godwit/contracts/run';
import { Injectable } from '@nestjs/common';
import { Prisma } from './generated/client.ts';
import { PrismaService } from './prisma.service.ts';

/** Enough to even out what was of the moment. */
const LATEST = 200;

/** A volume's data as an earlier run has copied it, to the end. */
export interface FinishedCopy {
  namespace: string;
  name: string;
  copy: TransferProgress;
}

/** What earlier runs have measured. */
@Injectable()
export class TransferHistoryStore {
  constructor(private readonly prisma: PrismaService) {}

  /** @returns the latest copies between a cluster and a store that came to their end, the latest first */
  async finishedCopies(organisationId: string, sourceClusterId: string, storage: ArchiveStorage): Promise<FinishedCopy[]> {
    const rows = await this.prisma.volume.findMany({
      where: {
        // Stages copy what changed, which tells nothing of the whole.
        run: { organisationId, sourceClusterId, storage: { equals: storage }, kind: 'Migration' },
        copy: { path: ['finishedAt'], not: Prisma.AnyNull },
      },
      orderBy: [{ run: { createdAt: 'desc' } }, { id: 'asc' }],
      take: LATEST,
      select: { namespace: true, name: true, copy: true },
    });
    return rows.map(({ copy, ...volume }) => ({ ...volume, copy: copy as unknown as TransferProgress }));
  }
}
