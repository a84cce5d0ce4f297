import { timesAfter } from '@godwit/contracts/cron';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { Page } from '@godwit/contracts/pages';
import { type RunKind, UNFINISHED_PHASES } from '@godwit/contracts/run';
import { ConcurrencyPolicy, SaveSchedule, type SchedulesQuery } from '@godwit/contracts/schedules';
import { type Firing, fireSchedule } from '@godwit/pipeline/fire-schedule';
import { Injectable } from '@nestjs/common';
import type { Prisma, Schedule } from './generated/client.ts';
import { type SavedMigration, toSavedMigration } from './migration-store.ts';
import { pageByName } from './pages.ts';
import { PrismaService } from './prisma.service.ts';
import { HookMissingError } from './run-hooks.ts';
import { cancelQueued } from './run-queue-store.ts';
import { NoPreferredStorageError } from './run-storage.ts';
import { RunStore } from './run-store.ts';
import { lockMigration } from './unfinished-run.ts';
import { type MeantFor, NEXT_VERSION, ofVersion } from './versions.ts';

export interface SavedSchedule extends SaveSchedule {
  id: string;
  organisationId: string;
  nextRunAt: Date;
  lastScheduleTime?: Date;
  lastOutcome?: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** @returns what is in the way of a run of this definition, for people; undefined: nothing */
export type CheckStart = (organisationId: string, definition: MigrationDefinition, kind: RunKind) => Promise<string | undefined>;

type Transaction = Prisma.TransactionClient;

/** When runs of migrations start by themselves. Here alone it is decided whether a time has come, and that it comes once. */
@Injectable()
export class ScheduleStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly runs: RunStore,
  ) {}

  /** @returns undefined if the organisation has no such migration */
  create(organisationId: string, schedule: SaveSchedule): Promise<SavedSchedule | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      if (!(await lockMigration(transaction, organisationId, schedule.migrationId))) return undefined;
      return saved(await transaction.schedule.create({ data: { organisationId, ...schedule, nextRunAt: nextTime(schedule) } }));
    });
  }

  /**
   * Its next time is counted from now.
   *
   * @returns undefined if the organisation has no such schedule of one of these versions, or no such migration
   */
  update(organisationId: string, id: string, schedule: SaveSchedule, versions?: MeantFor): Promise<SavedSchedule | undefined> {
    return this.prisma.$transaction(async (transaction) => {
      if (!(await lockMigration(transaction, organisationId, schedule.migrationId))) return undefined;
      const data = { ...schedule, nextRunAt: nextTime(schedule), ...NEXT_VERSION };
      const where = { id, organisationId, ...ofVersion(versions) };
      const [row] = await transaction.schedule.updateManyAndReturn({ where, data });
      return row && saved(row);
    });
  }

  page(organisationId: string, { migrationId, ...query }: SchedulesQuery): Promise<Page<SavedSchedule>> {
    return pageByName(query, saved, ({ where, ...page }) =>
      this.prisma.schedule.findMany({ where: { organisationId, migrationId, ...where }, ...page }),
    );
  }

  async find(organisationId: string, id: string): Promise<SavedSchedule | undefined> {
    const row = await this.prisma.schedule.findFirst({ where: { id, organisationId } });
    return row ? saved(row) : undefined;
  }

  /** @returns false if the organisation has no such schedule of one of these versions */
  async delete(organisationId: string, id: string, versions?: MeantFor): Promise<boolean> {
    return (await this.prisma.schedule.deleteMany({ where: { id, organisationId, ...ofVersion(versions) } })).count > 0;
  }

  /** Of all organisations: those that may come. */
  async listActive(): Promise<SavedSchedule[]> {
    return (await this.prisma.schedule.findMany({ where: { suspend: false } })).map(saved);
  }

  /** Of all organisations: ids of those whose time has come, the longest ago first. */
  async findDue(): Promise<string[]> {
    const where = { suspend: false, nextRunAt: { lte: new Date() } };
    return (await this.prisma.schedule.findMany({ where, select: { id: true }, orderBy: { nextRunAt: 'asc' } })).map(
      ({ id }) => id,
    );
  }

  /**
   * Keeps the time of a schedule, if it has come. However many hear of it, and however often: the row is held, and what becomes of
   * the time is written together with the next one. If the migration is changed while it is checked, which may take as long as
   * another service takes to answer and so holds no row, nothing is done yet: the time is still due.
   */
  async fire(id: string, check: CheckStart): Promise<void> {
    const found = await this.prisma.schedule.findUnique({ where: { id }, include: { migration: true } });
    if (!found || found.suspend || found.nextRunAt > new Date()) return;
    const { migration, ...known } = found;
    const checked = toSavedMigration(migration);
    const problem = await check(known.organisationId, checked.definition, saved(known).kind);
    await this.prisma.$transaction(async (transaction) => {
      // In the order in which the deletion of a migration takes them.
      await lockMigration(transaction, known.organisationId, known.migrationId);
      await transaction.$queryRaw`SELECT id FROM "Schedule" WHERE id = ${id}::uuid FOR UPDATE`;
      const row = await transaction.schedule.findUnique({ where: { id } });
      if (!row || row.migrationId !== known.migrationId || row.kind !== known.kind) return;
      const current = await transaction.migration.findUniqueOrThrow({ where: { id: row.migrationId } });
      if (current.version !== checked.version) return;
      const schedule = saved(row);
      const now = new Date();
      const unfinished = await this.unfinished(transaction, schedule, now);
      const firing = fireSchedule({ ...schedule, unfinished }, now);
      if (!firing) return;
      const lastOutcome = await this.carryOut(transaction, schedule, checked, firing, problem);
      const { scheduleTime: lastScheduleTime, nextRunAt } = firing;
      await transaction.schedule.update({ where: { id }, data: { lastScheduleTime, nextRunAt, lastOutcome } });
    });
  }

  private async unfinished(transaction: Transaction, { id, migrationId, organisationId }: SavedSchedule, now: Date) {
    const rows = await transaction.run.findMany({
      where: {
        migrationId,
        organisationId,
        kind: { not: 'Preview' },
        phase: { in: UNFINISHED_PHASES },
        OR: [{ phase: { not: 'Queued' } }, { startAt: null }, { startAt: { lte: now } }],
      },
      select: { id: true, kind: true, phase: true, scheduleId: true },
      orderBy: { createdAt: 'asc' },
    });
    return rows.map(({ scheduleId, ...run }) => ({ ...run, ofThisSchedule: scheduleId === id }));
  }

  /** @returns what became of it, for people */
  private async carryOut(
    transaction: Transaction,
    { id: scheduleId, organisationId, kind }: SavedSchedule,
    migration: SavedMigration,
    firing: Firing,
    problem: string | undefined,
  ): Promise<string> {
    if (!firing.starts) return `No run was started: ${firing.skipped}`;
    if (problem !== undefined) return `No run was started: ${problem}`;
    try {
      const run = await this.runs.insert(transaction, organisationId, migration, kind, { scheduleId });
      for (const id of firing.cancels) {
        if (await cancelQueued(transaction, organisationId, id)) continue;
        await transaction.run.updateMany({
          where: { id, phase: { in: ['Running', 'Held'] }, cancelRequestedAt: null },
          data: { cancelRequestedAt: new Date(), advanceRequestedAt: new Date() },
        });
      }
      return `Started the run ${run.id}`;
    } catch (error) {
      if (error instanceof HookMissingError) return `No run was started: the hook ${error.hookId} of the migration is not there`;
      if (error instanceof NoPreferredStorageError) return 'No run was started: the migration has no place for its archive';
      throw error;
    }
  }
}

function nextTime({ schedule, timeZone }: SaveSchedule): Date {
  return timesAfter(schedule, timeZone, new Date(), 1)[0]!;
}

function saved({ kind, concurrencyPolicy, lastScheduleTime, lastOutcome, ...row }: Schedule): SavedSchedule {
  return {
    ...row,
    kind: SaveSchedule.shape.kind.parse(kind),
    concurrencyPolicy: ConcurrencyPolicy.parse(concurrencyPolicy),
    ...(lastScheduleTime ? { lastScheduleTime } : {}),
    ...(lastOutcome ? { lastOutcome } : {}),
  };
}
