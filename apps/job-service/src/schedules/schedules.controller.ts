import { pageOf } from '@godwit/contracts/pages';
import { SaveSchedule, SchedulesQuery, ScheduleView } from '@godwit/contracts/schedules';
import { type SavedSchedule, ScheduleStore } from '@godwit/db/schedule-store';
import type { MeantFor } from '@godwit/db/versions';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Body, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { answerPage } from '../http/answer-page.ts';
import { ApiController } from '../http/api-controller.ts';
import { unlessNameTaken } from '../http/name-taken.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { IfMatch, written } from '../http/versions.ts';
import { References } from '../migrations/references.ts';
import { toScheduleView } from './schedule-view.ts';
import { Scheduler } from './scheduler.ts';

const ScheduleList = pageOf(ScheduleView);

/** When runs of migrations start by themselves. */
@ApiController('schedules')
export class SchedulesController {
  constructor(
    private readonly schedules: ScheduleStore,
    private readonly references: References,
    private readonly scheduler: Scheduler,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Save a schedule of a migration',
    description:
      'Its runs take the definition that the migration has at their time. A time of day that the time zone skips comes an hour ' +
      'later, one that it has twice comes once.',
  })
  @ApiCreatedResponse({ standardSchema: ScheduleView })
  async create(@OrganisationId() organisationId: string, @Body({ schema: SaveSchedule }) body: SaveSchedule) {
    await this.references.checkSchedule(organisationId, body);
    return this.write(this.schedules.create(organisationId, body));
  }

  @Get()
  @ApiOperation({ summary: 'List the schedules' })
  @ApiOkResponse({ standardSchema: ScheduleList })
  list(@OrganisationId() organisationId: string, @Query({ schema: SchedulesQuery }) query: SchedulesQuery) {
    return answerPage(this.schedules.page(organisationId, query), toScheduleView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a schedule with its next times' })
  @ApiOkResponse({ standardSchema: ScheduleView })
  async get(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return toScheduleView(found(await this.schedules.find(organisationId, id), 'schedule'));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change, suspend or take up a schedule', description: 'Its next time is counted from now.' })
  @ApiOkResponse({ standardSchema: ScheduleView })
  async replace(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: SaveSchedule }) body: SaveSchedule,
    @IfMatch() versions: MeantFor,
  ) {
    const find = () => this.schedules.find(organisationId, id);
    found(await find(), 'schedule');
    await this.references.checkSchedule(organisationId, body);
    const update = this.schedules.update(organisationId, id, body, versions).then(async (saved) => {
      const present = saved ?? (await find());
      if (!saved && versions && !versions.includes(present?.version ?? 0))
        await written('schedule', Promise.resolve(undefined), find);
      return saved;
    });
    return this.write(update);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a schedule', description: 'Runs that it has started stay and go on.' })
  @ApiNoContentResponse()
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string, @IfMatch() versions: MeantFor) {
    const deletion = this.schedules.delete(organisationId, id, versions);
    await written('schedule', deletion, () => this.schedules.find(organisationId, id));
    await this.scheduler.changed();
  }

  private async write(write: Promise<SavedSchedule | undefined>): Promise<ScheduleView> {
    const saved = await unlessNameTaken('a schedule', write);
    const wrong = { path: ['migrationId'], message: 'is not the id of a saved migration' };
    if (!saved) throw new FieldProblem(422, 'the schedule refers to what is not there', [wrong]);
    await this.scheduler.changed();
    return toScheduleView(saved);
  }
}
