import type { ObjectOutcome } from '@godwit/contracts/run';
import { Injectable } from '@nestjs/common';
import type { Prisma, RunObject as Row } from './generated/client.ts';
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

/** What tells an object of a run from all others, in the order of lists. */
export type ObjectKey = Pick<RunObject, 'kind' | 'namespace' | 'name' | 'apiVersion'>;

@Injectable()
export class RunObjectStore {
  constructor(private readonly prisma: PrismaService) {}

  /** Adds outcomes; one of an object that is there already is replaced. */
  async record(runId: string, objects: readonly RunObject[]): Promise<void> {
    // In one order for all callers: else two that share objects could wait for each other.
    const sorted = objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    await this.prisma.$transaction(
      sorted.map(({ apiVersion, kind, namespace, name, ...outcome }) =>
        this.prisma.runObject.upsert({
          where: { runId_kind_namespace_name_apiVersion: { runId, kind, namespace, name, apiVersion } },
          create: { runId, apiVersion, kind, namespace, name, ...outcome },
          update: outcome,
        }),
      ),
    );
  }

  async list(runId: string): Promise<RunObject[]> {
    return (await this.prisma.runObject.findMany({ where: { runId }, orderBy: ORDER })).map(toRunObject);
  }

  /** @param page `after`: the last object that is known already */
  async page(runId: string, page: { outcome?: ObjectOutcome; after?: ObjectKey; limit: number }): Promise<RunObject[]> {
    const { outcome, after, limit } = page;
    const where = { runId, outcome, ...(after ? { OR: laterThan(after) } : {}) };
    return (await this.prisma.runObject.findMany({ where, orderBy: ORDER, take: limit })).map(toRunObject);
  }

  async countByOutcome(runId: string): Promise<Partial<Record<ObjectOutcome, number>>> {
    const groups = await this.prisma.runObject.groupBy({ by: ['outcome'], where: { runId }, _count: true });
    return Object.fromEntries(groups.map((group) => [group.outcome, group._count]));
  }
}

const ORDER: Prisma.RunObjectOrderByWithRelationInput[] = [
  { kind: 'asc' },
  { namespace: 'asc' },
  { name: 'asc' },
  { apiVersion: 'asc' },
];

function laterThan({ kind, namespace, name, apiVersion }: ObjectKey): Prisma.RunObjectWhereInput[] {
  return [
    { kind: { gt: kind } },
    { kind, namespace: { gt: namespace } },
    { kind, namespace, name: { gt: name } },
    { kind, namespace, name, apiVersion: { gt: apiVersion } },
  ];
}

function toRunObject({ runId: _runId, outcome, reason, uid, ...object }: Row): RunObject {
  return { ...object, outcome: outcome as ObjectOutcome, ...(reason ? { reason } : {}), ...(uid ? { uid } : {}) };
}

function keyOf({ kind, namespace, name, apiVersion }: RunObject): string {
  return [kind, namespace, name, apiVersion].join('/');
}
