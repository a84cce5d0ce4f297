import { randomBytes, randomUUID } from 'node:crypto';
import type { RunHooks } from '@godwit/contracts/app-hooks';
import { ArchiveStorage } from '@godwit/contracts/archive-storage';
import { registeredClusterId } from '@godwit/contracts/destination';
import type { ErrorReport } from '@godwit/contracts/errors';
import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import {
  ACTIVE_PHASES,
  isFinished,
  type RunKind,
  type RunOutcome,
  type RunPhase,
  UNFINISHED_PHASES,
  WORKING_KINDS,
} from '@godwit/contracts/run';
import { Sealer } from '@godwit/service-kit/sealer';
import { Injectable } from '@nestjs/common';
import type { Prisma, Run, Step } from './generated/client.ts';
import { toJson } from './json.ts';
import type { SavedMigration } from './migration-store.ts';
import { PrismaService } from './prisma.service.ts';
import { copyHooks, toRunHooks } from './run-hooks.ts';
import { resolveStorage, storageOfStaged } from './run-storage.ts';
import { asWritten } from './text-search.ts';
import { findRollback, lockIdleMigration, lockMigration, refuseSecondRollback } from './unfinished-run.ts';

export interface StoredRun {
  id: string;
  kind: RunKind;
  /** Of a rollback: the run that it takes back. */
  rollbackOfId?: string;
  organisationId: string;
  migrationId?: string;
  definition: MigrationDefinition;
  hooks: RunHooks;
  sourceClusterId: string;
  destinationClusterId?: string;
  /** Of a rollback: whether the cluster that the run created is deleted too. */
  deletesCluster: boolean;
  /** Where its archive lies. */
  storage: ArchiveStorage;
  /** When its archive is, or was, to be deleted; absent until the run ends, and if it wrote none. */
  archiveKeptUntil?: Date;
  archiveDeletedAt?: Date;
  phase: RunPhase;
  outcome?: RunOutcome;
  error?: ErrorReport;
  cancelRequestedAt?: Date;
  heldUntil?: Date;
  retryRequestedAt?: Date;
  pausedAt?: Date;
  /** When the first workload of the source was stopped. */
  quiescedAt?: Date;
  /** When all that was to be ready on the destination was. */
  readyAt?: Date;
  createdAt: Date;
  /** Not before this time. */
  startAt?: Date;
  /** When it left the queue. */
  startedAt?: Date;
  /** The schedule that has started it. */
  scheduleId?: string;
  finishedAt?: Date;
}

export interface RunFilter {
  migrationId?: string;
  kind?: RunKind;
  phase?: RunPhase;
  /** Of which it is the source or the destination. */
  clusterId?: string;
  /** A part of the migration's name, whatever its case. */
  name?: string;
  since?: string;
  until?: string;
  /** The last run that is known already. */
  after?: { id: string; createdAt: Date };
  limit: number;
}

/** How a run is to be started. */
export interface NewRun {
  startAt?: Date | undefined;
  /** The schedule that starts it. */
  scheduleId?: string;
}

const ARCHIVE_KEY_BYTES = 32;

const purpose = (id: string) => `run/${id}/archive-key`;

/** Runs, and the steps of each. What `advance` changes is in advance-store. */
@Injectable()
export class RunStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sealer: Sealer,
  ) {}

  /**
   * A new run of a migration, with its own copy of the definition and its own key; it stands in the queue until it is admitted. A
   * preview and a rollback are made otherwise.
   *
   * @returns undefined if the organisation has no such migration any more
   * @throws UnfinishedRunError if another run of it is unfinished, unless this one is to start later; HookMissingError;
   * NoPreferredStorageError
   */
  create(
    organisationId: string,
    migration: SavedMigration,
    kind: Exclude<RunKind, 'Preview' | 'Rollback'> = 'Migration',
    { startAt }: NewRun = {},
  ): Promise<StoredRun | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      // One that is to start later waits for its turn then.
      const lock = startAt ? lockMigration : lockIdleMigration;
      if (!(await lock(transaction, organisationId, migration.id))) return undefined;
      return this.insert(transaction, organisationId, migration, kind, { startAt });
    });
  }

  /**
   * As `create`, within a transaction that holds the migration's row.
   *
   * @throws HookMissingError; NoPreferredStorageError
   */
  async insert(
    transaction: Prisma.TransactionClient,
    organisationId: string,
    { id: migrationId, definition }: SavedMigration,
    kind: RunKind,
    more: NewRun,
  ): Promise<StoredRun> {
    const storage =
      (kind === 'DiscardStaging' && (await storageOfStaged(transaction, organisationId, migrationId))) ||
      (await resolveStorage(transaction, organisationId, definition));
    // What only takes away runs none, and must not fail for one that was deleted.
    const hooks = kind === 'DiscardStaging' ? {} : toJson(await copyHooks(transaction, organisationId, definition.hooks));
    const data = { ...this.newRun(organisationId, definition, storage), kind, migrationId, hooks, ...more };
    return toStoredRun(await transaction.run.create({ data }));
  }

  /**
   * A run that tells what a definition would do; it may be one that is not saved. Nothing waits for it, and it waits for no place:
   * it only reads, and somebody looks at the screen for it.
   *
   * @throws HookMissingError; NoPreferredStorageError
   */
  async createPreview(organisationId: string, definition: MigrationDefinition, migrationId?: string): Promise<StoredRun> {
    const hooks = toJson(await copyHooks(this.prisma, organisationId, definition.hooks));
    const storage = await resolveStorage(this.prisma, organisationId, definition);
    const run = { ...this.newRun(organisationId, definition, storage), ...begun() };
    const data = { ...run, kind: 'Preview' as const, migrationId, hooks };
    return toStoredRun(await this.prisma.run.create({ data }));
  }

  /**
   * A run that takes back what a finished one did.
   *
   * @param deletesCluster whether it deletes the cluster too that the run created
   * @throws UnfinishedRunError if another run of its migration, or another rollback of it, is unfinished
   * @throws RolledBackError if a rollback of it has succeeded
   */
  createRollback(run: StoredRun, deletesCluster = false): Promise<StoredRun> {
    return this.prisma.$transaction(async (transaction) => {
      if (run.migrationId) await lockIdleMigration(transaction, run.organisationId, run.migrationId);
      await refuseSecondRollback(transaction, run.id);
      const data = this.newRun(run.organisationId, run.definition, run.storage);
      const { id: rollbackOfId, migrationId, destinationClusterId: destClusterId } = run;
      return toStoredRun(
        await transaction.run.create({
          data: { ...data, kind: 'Rollback', rollbackOfId, migrationId, destClusterId, deletesCluster },
        }),
      );
    });
  }

  /** @returns the id of the rollback that takes a run back, or has done so */
  async rolledBackBy(runId: string): Promise<string | undefined> {
    return (await findRollback(this.prisma, runId))?.id;
  }

  private newRun(organisationId: string, definition: MigrationDefinition, storage: ArchiveStorage) {
    const id = randomUUID();
    return {
      id,
      organisationId,
      definition,
      sourceClusterId: definition.sourceClusterId,
      destClusterId: registeredClusterId(definition.destination),
      storage,
      sealedArchiveKey: new Uint8Array(this.sealer.seal(purpose(id), randomBytes(ARCHIVE_KEY_BYTES))),
    };
  }

  async find(organisationId: string, id: string): Promise<StoredRun | undefined> {
    const row = await this.prisma.run.findFirst({ where: { id, organisationId } });
    return row ? toStoredRun(row) : undefined;
  }

  /** @returns the latest first; of those of the same moment always in the same order */
  async list(organisationId: string, filter: RunFilter): Promise<StoredRun[]> {
    const { migrationId, kind, phase, clusterId, name, since, until, after, limit } = filter;
    const conditions: Prisma.RunWhereInput[] = [];
    if (clusterId) conditions.push({ OR: [{ sourceClusterId: clusterId }, { destClusterId: clusterId }] });
    if (name) conditions.push({ definition: { path: ['name'], string_contains: asWritten(name), mode: 'insensitive' } });
    if (after) {
      const { id, createdAt } = after;
      conditions.push({ OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] });
    }
    const rows = await this.prisma.run.findMany({
      where: { organisationId, migrationId, kind, phase, createdAt: { gte: since, lte: until }, AND: conditions },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit,
    });
    return rows.map(toStoredRun);
  }

  /** For services that work on a run: the id comes from a step's row. */
  async get(id: string): Promise<StoredRun> {
    return toStoredRun(await this.prisma.run.findUniqueOrThrow({ where: { id } }));
  }

  /** Sets the mapping of storage classes of the run's own definition. */
  async mapStorageClasses(id: string, storageClasses: Record<string, string>): Promise<void> {
    await this.prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`SELECT id FROM "Run" WHERE id = ${id}::uuid FOR UPDATE`;
      const { definition } = toStoredRun(await transaction.run.findUniqueOrThrow({ where: { id } }));
      const changed = { ...definition, transforms: { ...definition.transforms, storageClasses } };
      await transaction.run.update({ where: { id }, data: { definition: changed } });
    });
  }

  /** @returns the key of the run's archive, 32 bytes */
  async openArchiveKey(id: string): Promise<Buffer> {
    const { sealedArchiveKey } = await this.prisma.run.findUniqueOrThrow({ where: { id }, select: { sealedArchiveKey: true } });
    return this.sealer.open(purpose(id), sealedArchiveKey);
  }

  steps(runId: string): Promise<Step[]> {
    return this.prisma.step.findMany({ where: { runId }, orderBy: { createdAt: 'asc' } });
  }

  /** @returns what a done step of the run has put out, if it is done */
  async stepOutput<T>(runId: string, name: string, item = ''): Promise<T | undefined> {
    const step = await this.prisma.step.findUnique({
      where: { runId_name_item: { runId, name, item } },
      select: { output: true },
    });
    return (step?.output as T | null) ?? undefined;
  }

  /** @returns false if there is nothing to cancel: it ends already, or was asked to before */
  async requestCancel(organisationId: string, id: string): Promise<boolean> {
    const { count } = await this.prisma.run.updateMany({
      where: { id, organisationId, phase: { in: ['Running', 'Held'] }, cancelRequestedAt: null },
      data: { cancelRequestedAt: new Date(), advanceRequestedAt: new Date() },
    });
    return count > 0;
  }

  /** Unfinished runs on a cluster, of any organisation, other than this one: previews and rollbacks need no place of ours. */
  countOthersOn(clusterId: string, runId: string): Promise<number> {
    return this.prisma.run.count({
      where: {
        id: { not: runId },
        kind: { in: [...WORKING_KINDS] },
        phase: { in: ACTIVE_PHASES },
        OR: [{ sourceClusterId: clusterId }, { destClusterId: clusterId }],
        NOT: { leftClusterIds: { has: clusterId } },
      },
    });
  }

  /** Notes that a cut-over stops the source, once: what counts is the first workload. */
  async noteQuiesced(id: string): Promise<void> {
    await this.prisma.run.updateMany({ where: { id, quiescedAt: null }, data: { quiescedAt: new Date() } });
  }

  /** Notes that all that was to be ready on the destination is. @returns the run as it is then */
  async noteReady(id: string): Promise<StoredRun> {
    await this.prisma.run.updateMany({ where: { id, readyAt: null }, data: { readyAt: new Date() } });
    return this.get(id);
  }

  /** Tells that nothing of the run is left in the cluster. Under the cluster's lock, or two that leave at once each count the other. */
  async leaveCluster(clusterId: string, runId: string): Promise<void> {
    await this.prisma.run.updateMany({
      where: { id: runId, NOT: { leftClusterIds: { has: clusterId } } },
      data: { leftClusterIds: { push: clusterId } },
    });
  }

  /** Runs that still use a cluster, a store or a cloud account, which so must stay registered. */
  countUnfinished(
    organisationId: string,
    use: { clusterId?: string; objectStoreId?: string; cloudAccountId?: string },
  ): Promise<number> {
    const { clusterId, objectStoreId, cloudAccountId } = use;
    return this.prisma.run.count({
      where: {
        organisationId,
        phase: { in: UNFINISHED_PHASES },
        ...(objectStoreId ? { storage: { path: ['objectStoreId'], equals: objectStoreId } } : {}),
        ...(cloudAccountId ? { definition: { path: ['destination', 'cloudAccountId'], equals: cloudAccountId } } : {}),
        ...(clusterId ? { OR: [{ sourceClusterId: clusterId }, { destClusterId: clusterId }] } : {}),
      },
    });
  }
}

/** What is written of a run when it leaves the queue. */
export function begun() {
  const now = new Date();
  return { phase: 'Running' as const, startedAt: now, advanceRequestedAt: now };
}

export function toStoredRun(row: Run): StoredRun {
  return {
    id: row.id,
    kind: row.kind,
    ...(row.rollbackOfId ? { rollbackOfId: row.rollbackOfId } : {}),
    organisationId: row.organisationId,
    migrationId: row.migrationId ?? undefined,
    definition: MigrationDefinition.parse(row.definition),
    hooks: toRunHooks(row.hooks),
    sourceClusterId: row.sourceClusterId,
    destinationClusterId: row.destClusterId ?? undefined,
    deletesCluster: row.deletesCluster,
    storage: ArchiveStorage.parse(row.storage),
    archiveKeptUntil: row.archiveKeptUntil ?? undefined,
    archiveDeletedAt: row.archiveDeletedAt ?? undefined,
    phase: row.phase,
    outcome: row.outcome && isFinished(row.outcome) ? row.outcome : undefined,
    error: (row.error as unknown as ErrorReport | null) ?? undefined,
    cancelRequestedAt: row.cancelRequestedAt ?? undefined,
    heldUntil: row.heldUntil ?? undefined,
    retryRequestedAt: row.retryRequestedAt ?? undefined,
    pausedAt: row.pausedAt ?? undefined,
    quiescedAt: row.quiescedAt ?? undefined,
    readyAt: row.readyAt ?? undefined,
    createdAt: row.createdAt,
    startAt: row.startAt ?? undefined,
    startedAt: row.startedAt ?? undefined,
    scheduleId: row.scheduleId ?? undefined,
    finishedAt: row.finishedAt ?? undefined,
  };
}
