import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EventsPage, EventsQuery, LogQuery } from '@godwit/contracts/api-lists';
import { type EventFilter, RunEventStore } from '@godwit/db/run-event-store';
import { RunOverviewStore } from '@godwit/db/run-overview-store';
import { RunStore } from '@godwit/db/run-store';
import { Get, Logger, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { jsonLineOf, textLineOf, type VolumeNames } from './log-text.ts';
import { toRunEventView } from './run-views.ts';

const PAGE = 1_000;
const FORMS = {
  text: { type: 'text/plain; charset=utf-8', ending: 'log', lineOf: textLineOf },
  ndjson: { type: 'application/x-ndjson; charset=utf-8', ending: 'ndjson', lineOf: jsonLineOf },
} as const;

/** The log of a run, to look through and to keep. */
@ApiController('runs')
export class RunLogController {
  private readonly logger = new Logger('log');

  constructor(
    private readonly runs: RunStore,
    private readonly log: RunEventStore,
    private readonly overview: RunOverviewStore,
  ) {}

  @Get(':id/events')
  @ApiOperation({
    summary: 'Read the log of a run',
    description:
      'Go on with `after` set to the `next` of the page before. Of the filters all must hold: `level` and worse, a step, a volume by its id (`item`), a text in the message whatever its case, times.',
  })
  @ApiOkResponse({ standardSchema: EventsPage })
  async events(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Query({ schema: EventsQuery }) { after, limit, ...filter }: EventsQuery,
  ) {
    found(await this.runs.find(organisationId, id), 'run');
    const events = await this.log.list(id, after, limit, filter);
    return { items: events.map(toRunEventView), next: events.at(-1)?.id ?? after } satisfies EventsPage;
  }

  @Get(':id/log')
  @ApiOperation({
    summary: 'Download the log of a run',
    description: 'All of it, or what the filters let through (as of the events): a line of text each, or of JSON.',
  })
  @ApiOkResponse({
    content: { 'text/plain': { schema: { type: 'string' } }, 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  async download(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Query({ schema: LogQuery }) { format, ...filter }: LogQuery,
    @Res() response: Response,
  ): Promise<void> {
    found(await this.runs.find(organisationId, id), 'run');
    const volumes = await this.overview.volumes([id]);
    const names = new Map(volumes.map((volume) => [volume.id, `${volume.namespace}/${volume.name}`]));
    const { type, ending, lineOf } = FORMS[format];
    response.set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="godwit-run-${id}.${ending}"` });
    // An answer that ends in the middle is broken off, so that nobody takes it for the whole.
    await pipeline(Readable.from(this.pages(id, filter, names, lineOf)), response).catch((error: Error) =>
      this.logger.warn(`the log of the run ${id} was not sent to its end: ${error.message}`),
    );
  }

  /** Page by page, so that a long log takes little memory. */
  private async *pages(id: string, filter: EventFilter, names: VolumeNames, lineOf: typeof textLineOf): AsyncGenerator<string> {
    let after = '0';
    for (;;) {
      const events = await this.log.list(id, after, PAGE, filter);
      if (events.length > 0) yield events.map((event) => lineOf(event, names)).join('');
      if (events.length < PAGE) return;
      after = events.at(-1)!.id;
    }
  }
}
