import { RunSummary, StagedVolumeView } from '@godwit/contracts/api';
import { listOf } from '@godwit/contracts/api-lists';
import { ClusterStore } from '@godwit/db/cluster-store';
import { MigrationStore } from '@godwit/db/migration-store';
import { RunStore } from '@godwit/db/run-store';
import { type StagedVolume, StagedVolumeStore } from '@godwit/db/staged-volume-store';
import { ConflictException, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { RunAdmission } from '../run-queue/run-admission.ts';
import { RunReader } from '../runs/run-reader.ts';
import { unlessRunUnfinished } from './run-unfinished.ts';

const StagedVolumeList = listOf(StagedVolumeView);

/** What the stages of a migration have left for the next one, or for the cut-over. */
@ApiController('migrations')
export class StagingController {
  constructor(
    private readonly migrations: MigrationStore,
    private readonly staged: StagedVolumeStore,
    private readonly clusters: ClusterStore,
    private readonly runs: RunStore,
    private readonly reader: RunReader,
    private readonly admission: RunAdmission,
  ) {}

  @Get(':id/staging')
  @ApiOperation({ summary: 'List the staged volumes of a migration' })
  @ApiOkResponse({ standardSchema: StagedVolumeList })
  async list(@OrganisationId() organisationId: string, @IdParam() id: string) {
    found(await this.migrations.find(organisationId, id), 'migration');
    const [rows, clusters] = await Promise.all([this.staged.list(organisationId, id), this.clusters.list(organisationId)]);
    const names = new Map(clusters.map((cluster) => [cluster.id, cluster.name]));
    return { items: rows.map((row) => toStagedVolumeView(row, names.get(row.destClusterId) ?? '(forgotten cluster)')) };
  }

  @Delete(':id/staging')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Discard what is staged of a migration',
    description:
      'A run of kind DiscardStaging: it deletes the staged volumes from the destination and their archives from the store. Refused ' +
      'while another run of the migration is unfinished, and where nothing is staged.',
  })
  @ApiAcceptedResponse({ standardSchema: RunSummary })
  async discard(@OrganisationId() organisationId: string, @IdParam() id: string) {
    const migration = found(await this.migrations.find(organisationId, id), 'migration');
    if ((await this.staged.list(organisationId, id)).length === 0) throw new ConflictException('nothing of it is staged');
    const run = found(await unlessRunUnfinished(this.runs.create(organisationId, migration, 'DiscardStaging')), 'migration');
    await this.admission.admit().catch(() => {}); // it stands in the queue: the sweeper asks again
    return this.reader.summaryOf(organisationId, await this.runs.get(run.id));
  }
}

function toStagedVolumeView(row: StagedVolume, destinationCluster: string): StagedVolumeView {
  const { namespace, name, storageClassName, stages, stagedAt, bytes, storedBytes, isDelta } = row;
  const figures = { stages, bytes, storedBytes, isDelta };
  return {
    namespace,
    name,
    destinationCluster,
    storageClassName,
    state: row.digest ? 'Ready' : 'Incomplete',
    ...figures,
    ...(stagedAt ? { stagedAt: stagedAt.toISOString() } : {}),
  };
}
