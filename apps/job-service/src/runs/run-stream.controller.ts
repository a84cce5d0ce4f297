import { EventId } from '@godwit/contracts/api-lists';
import { RunEventStore } from '@godwit/db/run-event-store';
import { RunStore } from '@godwit/db/run-store';
import { RunNews } from '@godwit/queue/run-news';
import { Get, Headers, type OnModuleDestroy, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { EventStream } from './event-stream.ts';
import { followRun } from './follow-run.ts';
import { RunReader } from './run-reader.ts';

const StreamQuery = z.object({ after: EventId.optional() });

@ApiController('runs')
export class RunStreamController implements OnModuleDestroy {
  private readonly open = new Set<EventStream>();

  constructor(
    private readonly runs: RunStore,
    private readonly reader: RunReader,
    private readonly log: RunEventStore,
    private readonly news: RunNews,
  ) {}

  /** The HTTP server waits for its connections when it stops; readers come again, to another replica. */
  onModuleDestroy(): void {
    for (const stream of this.open) stream.end();
  }

  @Get(':id/stream')
  @ApiOperation({
    summary: 'Follow a run',
    description:
      'Server-sent events: `log` for each line of the log (data as in GET /events, id to go on with by Last-Event-ID), `run` when the run has changed (data as in GET /runs/{id}), `end` when it is finished and all was sent.',
  })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async stream(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Query({ schema: StreamQuery }) query: z.infer<typeof StreamQuery>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: Response,
  ): Promise<void> {
    found(await this.runs.find(organisationId, id), 'run');
    // A browser that connects again sends the id, and the query of its first request with it.
    const known = EventId.safeParse(lastEventId).data ?? query.after ?? '0';
    const stream = new EventStream(response);
    this.open.add(stream);
    await followRun({
      after: known,
      stream,
      lines: (after, limit) => this.log.list(id, after, limit),
      view: () => this.reader.view(organisationId, id),
      listen: (listener) => this.news.listen(id, listener),
    }).finally(() => this.open.delete(stream));
  }
}
