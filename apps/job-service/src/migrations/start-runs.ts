import type { RunSummary, StartRun } from '@godwit/contracts/api';
import type { SavedMigration } from '@godwit/db/migration-store';
import { RunStore } from '@godwit/db/run-store';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Injectable } from '@nestjs/common';
import { RunAdmission } from '../run-queue/run-admission.ts';
import { RunReader } from '../runs/run-reader.ts';
import { References } from './references.ts';
import { unlessRunUnfinished } from './run-unfinished.ts';

const MOST_DAYS_AHEAD = 366;

/** Starts the runs of saved migrations. */
@Injectable()
export class StartRuns {
  constructor(
    private readonly references: References,
    private readonly runs: RunStore,
    private readonly admission: RunAdmission,
    private readonly reader: RunReader,
  ) {}

  /**
   * @returns undefined if the migration was deleted meanwhile
   * @throws FieldProblem 422 if it refers to what is not registered, or the time is none that can be waited for; ConflictException
   * 409 that names the run that is unfinished
   */
  async start(organisationId: string, migration: SavedMigration, { kind, startAt }: StartRun): Promise<RunSummary | undefined> {
    const time = startAt === undefined ? undefined : checkTime(new Date(startAt));
    await this.references.checkStart(organisationId, migration.definition, kind);
    const run = await unlessRunUnfinished(this.runs.create(organisationId, migration, kind, { startAt: time }));
    if (!run) return undefined;
    await this.admission.admit().catch(() => {}); // it stands in the queue: the sweeper asks again
    return this.reader.summaryOf(organisationId, await this.runs.get(run.id));
  }
}

/** @throws FieldProblem 422 */
function checkTime(time: Date): Date {
  const ahead = time.getTime() - Date.now();
  const wrong = (message: string) => new FieldProblem(422, 'the run cannot start then', [{ path: ['startAt'], message }]);
  if (ahead <= 0) throw wrong('has passed already; leave it out to start at once');
  if (ahead > MOST_DAYS_AHEAD * 86_400_000) throw wrong('is more than a year ahead');
  return time;
}
