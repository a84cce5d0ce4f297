import { CloneMigration, MigrationView, RunSummary, StartRun } from '@godwit/contracts/api';
import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { NamedQuery, pageOf } from '@godwit/contracts/pages';
import { MigrationStore } from '@godwit/db/migration-store';
import type { MeantFor } from '@godwit/db/versions';
import { Body, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { answerPage } from '../http/answer-page.ts';
import { ApiController } from '../http/api-controller.ts';
import { unlessNameTaken } from '../http/name-taken.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { IfMatch, written } from '../http/versions.ts';
import { PREVIEW_DESCRIPTION, Previews } from '../previews/previews.ts';
import { toMigrationView } from './migration-view.ts';
import { References } from './references.ts';
import { unlessRunUnfinished } from './run-unfinished.ts';
import { StartRuns } from './start-runs.ts';

const MigrationList = pageOf(MigrationView);

/** Saved definitions of migrations, and the start of their runs. */
@ApiController('migrations')
export class MigrationsController {
  constructor(
    private readonly migrations: MigrationStore,
    private readonly references: References,
    private readonly startRuns: StartRuns,
    private readonly previews: Previews,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Save a migration' })
  @ApiCreatedResponse({ standardSchema: MigrationView })
  async create(@OrganisationId() organisationId: string, @Body({ schema: MigrationDefinition }) body: MigrationDefinition) {
    await this.references.check(organisationId, body);
    return toMigrationView(await unlessNameTaken('a migration', this.migrations.create(organisationId, body)));
  }

  @Get()
  @ApiOperation({ summary: 'List the saved migrations' })
  @ApiOkResponse({ standardSchema: MigrationList })
  list(@OrganisationId() organisationId: string, @Query({ schema: NamedQuery }) query: NamedQuery) {
    return answerPage(this.migrations.page(organisationId, query), toMigrationView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a saved migration' })
  @ApiOkResponse({ standardSchema: MigrationView })
  async get(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return toMigrationView(found(await this.migrations.find(organisationId, id), 'migration'));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change a migration', description: 'Runs that were started before keep their own definition.' })
  @ApiOkResponse({ standardSchema: MigrationView })
  async replace(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: MigrationDefinition }) body: MigrationDefinition,
    @IfMatch() versions: MeantFor,
  ) {
    await this.references.check(organisationId, body);
    const update = unlessNameTaken('a migration', this.migrations.update(organisationId, id, body, versions));
    return toMigrationView(await written('migration', update, () => this.migrations.find(organisationId, id)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a migration',
    description: 'Refused while a run of it is unfinished. Its finished runs stay.',
  })
  @ApiNoContentResponse()
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string, @IfMatch() versions: MeantFor) {
    const deletion = unlessRunUnfinished(this.migrations.delete(organisationId, id, versions));
    await written('migration', deletion, () => this.migrations.find(organisationId, id));
  }

  @Post(':id/runs')
  @ApiOperation({
    summary: 'Start a run of a migration',
    description:
      'Of a staged migration: runs of kind Stage copy the volumes while the source runs, as often as wished, each time only what ' +
      'changed; one of kind CutOver stops the source, copies the rest and migrates. Refused while another run of the migration is ' +
      'unfinished: both would change the same namespaces. The run stands in the queue, and its `waiting` says why, until its time ' +
      'has come (`startAt`) and its clusters, the organisation and the installation have a place for it. It keeps the definition ' +
      'that the migration has now.',
  })
  @ApiCreatedResponse({ standardSchema: RunSummary })
  async start(@OrganisationId() organisationId: string, @IdParam() id: string, @Body({ schema: StartRun }) body: StartRun) {
    const migration = found(await this.migrations.find(organisationId, id), 'migration');
    return found(await this.startRuns.start(organisationId, migration, body), 'migration');
  }

  @Post(':id/clone')
  @ApiOperation({
    summary: 'Save a copy of a migration under another name',
    description: 'Its runs and schedules are not copied.',
  })
  @ApiCreatedResponse({ standardSchema: MigrationView })
  async clone(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: CloneMigration }) { name }: CloneMigration,
  ) {
    const { definition } = found(await this.migrations.find(organisationId, id), 'migration');
    return this.create(organisationId, { ...definition, name });
  }

  @Post(':id/previews')
  @ApiOperation({ summary: 'Start a preview of a migration', description: PREVIEW_DESCRIPTION })
  @ApiCreatedResponse({ standardSchema: RunSummary })
  async preview(@OrganisationId() organisationId: string, @IdParam() id: string) {
    const migration = found(await this.migrations.find(organisationId, id), 'migration');
    return this.previews.start(organisationId, migration.definition, migration.id);
  }
}
