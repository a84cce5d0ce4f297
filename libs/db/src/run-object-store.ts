import type { ObjectOutcome } from '@godwit/contracts/run';
import { Injectable } from '@nestjs/common';
import { PrismaService } from './prisma.service.ts';

/** What became of one object on the destination. */
export interface RunObject {
  apiVersion: string;
  kind: string;
  /** Empty for cluster-scoped kinds. */
  namespace: string;
  name: string;
  outcome: ObjectOutcome;
  /** Why, where it is not plain. */
  reason?: string;
  /** UID on the destination. */
  uid?: string;
}

@Injectable()
export class RunObjectStore {
  constructor(private readonly prisma: PrismaService) {}

  /** Adds outcomes; one of an object that is there already is replaced. */
  async record(runId: string, objects: readonly RunObject[]): Promise<void> {
    await this.prisma.$transaction(
      objects.map(({ apiVersion, kind, namespace, name, ...outcome }) =>
        this.prisma.runObject.upsert({
          where: { runId_kind_namespace_name_apiVersion: { runId, kind, namespace, name, apiVersion } },
          create: { runId, apiVersion, kind, namespace, name, ...outcome },
          update: outcome,
        }),
      ),
    );
  }

  async list(runId: string): Promise<RunObject[]> {
    const rows = await this.prisma.runObject.findMany({
      where: { runId },
      orderBy: [{ kind: 'asc' }, { namespace: 'asc' }, { name: 'asc' }],
    });
    return rows.map(({ runId: _runId, outcome, reason, uid, ...object }) => ({
      ...object,
      outcome: outcome as ObjectOutcome,
      ...(reason ? { reason } : {}),
      ...(uid ? { uid } : {}),
    }));
  }

  async countByOutcome(runId: string): Promise<Partial<Record<ObjectOutcome, number>>> {
    const groups = await this.prisma.runObject.groupBy({ by: ['outcome'], where: { runId }, _count: true });
    return Object.fromEntries(groups.map((group) => [group.outcome, group._count]));
  }
}
