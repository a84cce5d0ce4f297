import { RunSummary, RunView, StartRollback } from '@godwit/contracts/api';
import {
  FindingsPage,
  FindingsQuery,
  ObjectsPage,
  ObjectsQuery,
  RunsPage,
  RunsQuery,
  ThroughputView,
} from '@godwit/contracts/api-lists';
import { RunEventStore } from '@godwit/db/run-event-store';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { RunSampleStore } from '@godwit/db/run-sample-store';
import { RunStore } from '@godwit/db/run-store';
import { throughputOf } from '@godwit/pipeline/transfer-rate';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Body, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { fromCursor, toCursor } from './object-cursor.ts';
import { Rollbacks } from './rollbacks.ts';
import { RunReader } from './run-reader.ts';
import { toRunObjectView } from './run-views.ts';

@ApiController('runs')
export class RunsController {
  constructor(
    private readonly runs: RunStore,
    private readonly reader: RunReader,
    private readonly log: RunEventStore,
    private readonly runObjects: RunObjectStore,
    private readonly samples: RunSampleStore,
    private readonly rollbacks: Rollbacks,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List runs, the latest first',
    description:
      'Of the filters all must hold. Go on with `after` set to the `next` of the page before; runs that were made meanwhile change nothing of what follows.',
  })
  @ApiOkResponse({ standardSchema: RunsPage })
  async list(@OrganisationId() organisationId: string, @Query({ schema: RunsQuery }) query: RunsQuery) {
    const { after, ...filter } = query;
    const known = after === undefined ? undefined : await this.runs.find(organisationId, after);
    if (after !== undefined && !known)
      throw new FieldProblem(400, 'the request is not valid', [{ path: ['after'], message: 'is not the "next" of a page' }]);
    const items = await this.reader.list(organisationId, { ...filter, ...(known ? { after: known } : {}) });
    const last = items.length === query.limit ? items.at(-1) : undefined;
    return { items, ...(last ? { next: last.id } : {}) } satisfies RunsPage;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a run with its steps and volumes' })
  @ApiOkResponse({ standardSchema: RunView })
  async get(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return found(await this.reader.view(organisationId, id), 'run');
  }

  @Get(':id/throughput')
  @ApiOperation({
    summary: 'Tell how fast a run has moved its data',
    description:
      'A point each few seconds, of a long run less often: at most about 600. Bytes are of the content of all volumes together.',
  })
  @ApiOkResponse({ standardSchema: ThroughputView })
  async throughput(@OrganisationId() organisationId: string, @IdParam() id: string) {
    found(await this.runs.find(organisationId, id), 'run');
    return { items: throughputOf(await this.samples.list(id)) } satisfies ThroughputView;
  }

  @Get(':id/findings')
  @ApiOperation({
    summary: 'List what preflight, the transforms and the apply of a run had to tell',
    description: 'Each finding once. Go on with `after` set to the `next` of the page before.',
  })
  @ApiOkResponse({ standardSchema: FindingsPage })
  async findings(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Query({ schema: FindingsQuery }) { severity, after, limit }: FindingsQuery,
  ) {
    found(await this.runs.find(organisationId, id), 'run');
    const items = await this.log.findings(id, { severity, after, limit });
    return { items, next: items.at(-1)?.id ?? after } satisfies FindingsPage;
  }

  @Get(':id/objects')
  @ApiOperation({ summary: 'List what became of each object on the destination' })
  @ApiOkResponse({ standardSchema: ObjectsPage })
  async objects(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Query({ schema: ObjectsQuery }) { outcome, after, limit }: ObjectsQuery,
  ) {
    found(await this.runs.find(organisationId, id), 'run');
    const afterKey = after === undefined ? undefined : fromCursor(after);
    if (after !== undefined && !afterKey)
      throw new FieldProblem(400, 'the request is not valid', [{ path: ['after'], message: 'is not the "next" of a page' }]);
    const objects = await this.runObjects.page(id, { outcome, after: afterKey, limit });
    const last = objects.length === limit ? objects.at(-1) : undefined;
    return { items: objects.map(toRunObjectView), ...(last ? { next: toCursor(last) } : {}) } satisfies ObjectsPage;
  }

  @Post(':id/rollback')
  @ApiOperation({
    summary: 'Roll a migration back',
    description:
      'A run of kind Rollback: it deletes from the destination what the run created, claims with their data included, and puts ' +
      'back what it updated or merged; on request it deletes the cluster too that the run created. Refused unless the run is a migration that has finished, reached the destination and was ' +
      'not rolled back yet.',
  })
  @ApiCreatedResponse({ standardSchema: RunSummary })
  async rollBack(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: StartRollback.prefault({}) }) { deleteCluster }: StartRollback,
  ) {
    return this.rollbacks.start(organisationId, found(await this.runs.find(organisationId, id), 'run'), deleteCluster);
  }
}
