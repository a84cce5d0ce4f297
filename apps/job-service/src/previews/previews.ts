import type { RunSummary } from '@godwit/contracts/api';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { RunStore } from '@godwit/db/run-store';
import { Doorbell } from '@godwit/queue/doorbell';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Injectable } from '@nestjs/common';
import { References } from '../migrations/references.ts';
import { unlessRunUnfinished } from '../migrations/run-unfinished.ts';
import { RunReader } from '../runs/run-reader.ts';

export const PREVIEW_DESCRIPTION =
  'A run of kind Preview: it reads both clusters and writes to neither. When it has succeeded, its objects tell what would be ' +
  'created, changed (with the differences), merged or skipped and why, its volumes how long they would take, and its findings ' +
  'what preflight says.';

/** Starts the runs that tell what a definition would do. */
@Injectable()
export class Previews {
  constructor(
    private readonly references: References,
    private readonly runs: RunStore,
    private readonly reader: RunReader,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * @param migrationId of the definition, if it is saved
   * @throws FieldProblem 422 that names each field which refers to nothing of the organisation's; ConflictException 409 if a hook
   *   of it is deleted at this moment
   */
  async start(organisationId: string, definition: MigrationDefinition, migrationId?: string): Promise<RunSummary> {
    if (definition.destination.type !== 'Registered') {
      const message =
        'is a cluster that is yet to be created; preview with a registered one, or start the run: it checks the new cluster before anything is put into it';
      throw new FieldProblem(422, 'the migration cannot be previewed', [{ path: ['destination', 'type'], message }]);
    }
    await this.references.check(organisationId, definition);
    const run = await unlessRunUnfinished(this.runs.createPreview(organisationId, definition, migrationId));
    await this.doorbell.ringAdvance(run.id).catch(() => {}); // it is noted in the run's row: the sweeper rings again
    return this.reader.summaryOf(organisationId, run);
  }
}
