import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { FieldChange, ObjectOutcome } from '@godwit/contracts/run';
import { Sealer } from '@godwit/service-kit/sealer';
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
  /** Why it comes along though it was not selected itself. */
  includedBecause?: string;
  /** What an update changed, or would change. */
  changes?: FieldChange[];
}

/** An outcome with what a rollback needs to take it back. */
export interface NewRunObject extends RunObject {
  /** The object as it was before the run changed it. */
  previous?: KubernetesObject;
}

/** What tells an object of a run from all others, in the order of lists. */
export type ObjectKey = Pick<RunObject, 'kind' | 'namespace' | 'name' | 'apiVersion'>;

const purpose = (runId: string, key: ObjectKey) => `run/${runId}/previous/${keyOf(key)}`;

@Injectable()
export class RunObjectStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Adds outcomes; one of an object that is there already is replaced, but for what the object was before the run: that is what
   * the first attempt found.
   */
  async record(runId: string, objects: readonly NewRunObject[]): Promise<void> {
    // In one order for all callers: else two that share objects could wait for each other.
    const sorted = objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    await this.prisma.$transaction(
      sorted.map(({ apiVersion, kind, namespace, name, previous, changes, ...rest }) => {
        const outcome = { ...rest, ...(changes ? { changes: changes as unknown as Prisma.InputJsonArray } : {}) };
        const key = { apiVersion, kind, namespace, name };
        const sealedPrevious = previous && this.seal(runId, key, previous);
        return this.prisma.runObject.upsert({
          where: { runId_kind_namespace_name_apiVersion: { runId, ...key } },
          create: { runId, ...key, ...outcome, ...(sealedPrevious ? { sealedPrevious } : {}) },
          update: outcome,
        });
      }),
    );
  }

  /** @returns the object as it was before the run changed it; undefined if the run did not */
  async previous(runId: string, { kind, namespace, name, apiVersion }: ObjectKey): Promise<KubernetesObject | undefined> {
    const key = { kind, namespace, name, apiVersion };
    const row = await this.prisma.runObject.findUnique({
      where: { runId_kind_namespace_name_apiVersion: { runId, ...key } },
      select: { sealedPrevious: true },
    });
    if (!row?.sealedPrevious) return undefined;
    return JSON.parse(this.sealer.open(purpose(runId, key), row.sealedPrevious).toString('utf8')) as KubernetesObject;
  }

  private seal(runId: string, key: ObjectKey, object: KubernetesObject): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.sealer.seal(purpose(runId, key), Buffer.from(JSON.stringify(object))));
  }

  async list(runId: string): Promise<RunObject[]> {
    return (await this.prisma.runObject.findMany({ where: { runId }, orderBy: ORDER, omit: OMIT })).map(toRunObject);
  }

  /** @param page `after`: the last object that is known already */
  async page(runId: string, page: { outcome?: ObjectOutcome; after?: ObjectKey; limit: number }): Promise<RunObject[]> {
    const { outcome, after, limit } = page;
    const where = { runId, outcome, ...(after ? { OR: laterThan(after) } : {}) };
    return (await this.prisma.runObject.findMany({ where, orderBy: ORDER, take: limit, omit: OMIT })).map(toRunObject);
  }

  async countByOutcome(runId: string): Promise<Partial<Record<ObjectOutcome, number>>> {
    const groups = await this.prisma.runObject.groupBy({ by: ['outcome'], where: { runId }, _count: true });
    return Object.fromEntries(groups.map((group) => [group.outcome, group._count]));
  }
}

/** Read only for a rollback. */
const OMIT = { sealedPrevious: true } as const;
type SeenRow = Omit<Row, 'sealedPrevious'>;

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

function toRunObject({ apiVersion, kind, namespace, name, outcome, reason, uid, includedBecause, changes }: SeenRow): RunObject {
  return {
    apiVersion,
    kind,
    namespace,
    name,
    outcome: outcome as ObjectOutcome,
    ...(reason ? { reason } : {}),
    ...(uid ? { uid } : {}),
    ...(includedBecause ? { includedBecause } : {}),
    ...(changes ? { changes: changes as unknown as FieldChange[] } : {}),
  };
}

function keyOf({ kind, namespace, name, apiVersion }: ObjectKey): string {
  return [kind, namespace, name, apiVersion].join('/');
}
