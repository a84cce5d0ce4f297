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

/** An object of a run that a run of another migration has met. */
export interface MetObject extends ObjectKey {
  byRunId: string;
  byMigration: string;
  /** That run has changed it. */
  changed: boolean;
}

/** An outcome with what a rollback needs to take it back. */
export interface NewRunObject extends RunObject {
  /** The object as it was before the run changed it. */
  previous?: KubernetesObject;
}

const PAGE = 1_000;

/** What tells an object of a run from all others, in the order of lists. */
export type ObjectKey = Pick<RunObject, 'kind' | 'namespace' | 'name' | 'apiVersion'>;

/** Both may hold what people keep secret, in a Secret or anywhere else. */
type Sealed = 'previous' | 'changes';
const purpose = (runId: string, what: Sealed, key: ObjectKey) => `run/${runId}/${what}/${runObjectKey(key)}`;

@Injectable()
export class RunObjectStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Adds outcomes, all in one statement; one of an object that is there already is replaced. What an earlier attempt changed stays
   * changed, though the next finds nothing to do; and what the object was before the run is what the first attempt found.
   * @returns the objects that were not there yet, by their key
   */
  async record(runId: string, objects: readonly NewRunObject[]): Promise<Set<string>> {
    if (objects.length === 0) return new Set();
    // A statement may touch a row but once.
    const byKey = new Map(objects.map((object) => [runObjectKey(object), object]));
    const rows = [...byKey.values()].map(({ previous, changes, ...object }) => ({
      ...object,
      ...(changes ? { sealedChanges: this.seal(runId, 'changes', object, changes) } : {}),
      ...(previous ? { sealedPrevious: this.seal(runId, 'previous', object, previous) } : {}),
    }));
    const touched = await this.prisma.$queryRaw<(ObjectKey & { isNew: boolean })[]>`
      INSERT INTO "RunObject" AS known ("runId", "apiVersion", "kind", "namespace", "name", "outcome", "reason", "uid",
        "includedBecause", "sealedChanges", "sealedPrevious")
      SELECT ${runId}::uuid, "apiVersion", "kind", "namespace", "name", "outcome", "reason", "uid", "includedBecause",
        decode("sealedChanges", 'base64'), decode("sealedPrevious", 'base64')
      FROM jsonb_to_recordset(${toStorableJson(rows)}::jsonb) AS given("apiVersion" text, "kind" text, "namespace" text, "name" text,
        "outcome" text, "reason" text, "uid" text, "includedBecause" text, "sealedChanges" text, "sealedPrevious" text)
      -- In one order for all callers: else two that share objects could wait for each other.
      ORDER BY "kind", "namespace", "name", "apiVersion"
      ON CONFLICT ("runId", "kind", "namespace", "name", "apiVersion") DO UPDATE SET
        "outcome" = CASE WHEN EXCLUDED."outcome" = 'Unchanged' AND known."outcome" IN ('Updated', 'Merged')
          THEN known."outcome" ELSE EXCLUDED."outcome" END,
        "reason" = EXCLUDED."reason",
        "uid" = COALESCE(EXCLUDED."uid", known."uid"),
        "includedBecause" = COALESCE(EXCLUDED."includedBecause", known."includedBecause"),
        "sealedChanges" = COALESCE(EXCLUDED."sealedChanges", known."sealedChanges"),
        "sealedPrevious" = CASE WHEN EXCLUDED."outcome" = 'Unchanged' AND known."outcome" NOT IN ('Updated', 'Merged')
          THEN NULL ELSE COALESCE(known."sealedPrevious", EXCLUDED."sealedPrevious") END
      -- A row that was inserted has not been locked by its own statement before.
      RETURNING "apiVersion", "kind", "namespace", "name", (xmax = 0) AS "isNew"`;
    return new Set(touched.filter(({ isNew }) => isNew).map(runObjectKey));
  }

  /** @returns the object as it was before the run changed it; undefined if the run did not */
  async previous(runId: string, { kind, namespace, name, apiVersion }: ObjectKey): Promise<KubernetesObject | undefined> {
    const key = { kind, namespace, name, apiVersion };
    const row = await this.prisma.runObject.findUnique({
      where: { runId_kind_namespace_name_apiVersion: { runId, ...key } },
      select: { sealedPrevious: true },
    });
    if (!row?.sealedPrevious) return undefined;
    return this.open(runId, 'previous', key, row.sealedPrevious) as KubernetesObject;
  }

  /** @returns base64 */
  private seal(runId: string, what: Sealed, key: ObjectKey, value: object): string {
    return this.sealer.seal(purpose(runId, what, key), Buffer.from(JSON.stringify(value))).toString('base64');
  }

  private open(runId: string, what: Sealed, key: ObjectKey, sealed: Uint8Array): unknown {
    return JSON.parse(this.sealer.open(purpose(runId, what, key), sealed).toString('utf8'));
  }

  private toRunObject({ runId, outcome, reason, uid, includedBecause, sealedChanges, ...key }: SeenRow): RunObject {
    return {
      ...key,
      outcome: outcome as ObjectOutcome,
      ...(reason ? { reason } : {}),
      ...(uid ? { uid } : {}),
      ...(includedBecause ? { includedBecause } : {}),
      ...(sealedChanges ? { changes: this.open(runId, 'changes', key, sealedChanges) as FieldChange[] } : {}),
    };
  }

  /** All at once; of large runs rather {@link each}. */
  async list(runId: string): Promise<RunObject[]> {
    const rows = await this.prisma.runObject.findMany({ where: { runId }, orderBy: ORDER, omit: OMIT });
    return rows.map((row) => this.toRunObject(row));
  }

  /** @param page `after`: the last object that is known already */
  async page(runId: string, page: { outcome?: ObjectOutcome; after?: ObjectKey; limit: number }): Promise<RunObject[]> {
    const { outcome, after, limit } = page;
    const where = { runId, outcome, ...(after ? { OR: laterThan(after) } : {}) };
    const rows = await this.prisma.runObject.findMany({ where, orderBy: ORDER, take: limit, omit: OMIT });
    return rows.map((row) => this.toRunObject(row));
  }

  /** One after the other, read by pages. */
  async *each(runId: string, { outcome }: { outcome?: ObjectOutcome } = {}): AsyncGenerator<RunObject> {
    let after: ObjectKey | undefined;
    for (;;) {
      const objects = await this.page(runId, { outcome, after, limit: PAGE });
      yield* objects;
      if (objects.length < PAGE) return;
      after = objects.at(-1);
    }
  }

  /**
   * Objects of a run that runs of other migrations have met on the same destination since, and were not taken back: their
   * applications may rely on them.
   */
  async metByOthers(runId: string): Promise<MetObject[]> {
    return await this.prisma.$queryRaw<MetObject[]>`
      SELECT DISTINCT ON (mine."apiVersion", mine."kind", mine."namespace", mine."name")
        mine."apiVersion", mine."kind", mine."namespace", mine."name",
        other."id" AS "byRunId", other."definition"->>'name' AS "byMigration", theirs."outcome" IN ('Updated', 'Merged') AS "changed"
      FROM "Run" AS run
      JOIN "RunObject" AS mine ON mine."runId" = run."id"
      JOIN "Run" AS other ON other."destClusterId" = run."destClusterId" AND other."id" <> run."id" AND other."kind" IN ('Migration', 'CutOver')
        AND (other."migrationId" IS NULL OR other."migrationId" IS DISTINCT FROM run."migrationId")
        AND (other."finishedAt" IS NULL OR other."finishedAt" > run."createdAt")
      JOIN "RunObject" AS theirs ON theirs."runId" = other."id" AND theirs."kind" = mine."kind"
        AND theirs."namespace" = mine."namespace" AND theirs."name" = mine."name"
        -- The version may differ, the group does not.
        AND regexp_replace(theirs."apiVersion", '[^/]*$', '') = regexp_replace(mine."apiVersion", '[^/]*$', '')
      WHERE run."id" = ${runId}::uuid AND theirs."outcome" IN ('Updated', 'Merged', 'Unchanged', 'Skipped', 'Warned')
        AND NOT EXISTS (
          SELECT FROM "Run" AS back WHERE back."rollbackOfId" = other."id" AND back."phase" = 'Succeeded'
        )
      ORDER BY mine."apiVersion", mine."kind", mine."namespace", mine."name", "changed" DESC`;
  }

  /** @returns in the order of the kinds' names */
  async countByKind(runId: string): Promise<{ kind: string; outcomes: Partial<Record<ObjectOutcome, number>> }[]> {
    const groups = await this.prisma.runObject.groupBy({ by: ['kind', 'outcome'], where: { runId }, _count: true });
    const kinds = Map.groupBy(groups, ({ kind }) => kind);
    return [...kinds.keys()].sort().map((kind) => ({
      kind,
      outcomes: Object.fromEntries((kinds.get(kind) ?? []).map(({ outcome, _count }) => [outcome, _count])),
    }));
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

/** Tells an object of a run from all others. */
export function runObjectKey({ kind, namespace, name, apiVersion }: ObjectKey): string {
  return [kind, namespace, name, apiVersion].join('/');
}

/** Postgres has no character NUL, which a manifest may have in a text. */
function toStorableJson(rows: readonly object[]): string {
  return JSON.stringify(rows).replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\\ufffd');
}
