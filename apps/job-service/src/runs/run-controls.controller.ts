import { RunSummary } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { RunControlStore } from '@godwit/db/run-control-store';
import { RunQueueStore } from '@godwit/db/run-queue-store';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { pipelineOf } from '@godwit/pipeline/pipeline';
import { Doorbell } from '@godwit/queue/doorbell';
import { RunNews } from '@godwit/queue/run-news';
import { ConflictException, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { RunReader } from './run-reader.ts';

/** What is asked of a run on its way: it is noted in the run's row, and done by who carries the run on. */
@ApiController('runs')
export class RunControlsController {
  constructor(
    private readonly runs: RunStore,
    private readonly queue: RunQueueStore,
    private readonly controls: RunControlStore,
    private readonly reader: RunReader,
    private readonly doorbell: Doorbell,
    private readonly news: RunNews,
  ) {}

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Cancel a run',
    description:
      'What runs is stopped and cleaned up; the run is finished when its phase says so. A run that is held is given up: it has ' +
      'failed. A run in the queue is over at once. Asking again changes nothing.',
  })
  @ApiAcceptedResponse({ standardSchema: RunSummary })
  cancel(@OrganisationId() organisationId: string, @IdParam() id: string) {
    const cancel = async () =>
      (await this.queue.cancel(organisationId, id)) || (await this.runs.requestCancel(organisationId, id));
    return this.ask(organisationId, id, refuseCancel, cancel);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Retry a run that is held, from the steps that failed',
    description:
      'What is done stays done; the other steps begin anew, with the definition that the run was started with. It goes on as soon ' +
      'as all that ran has stopped. Asking again changes nothing.',
  })
  @ApiAcceptedResponse({ standardSchema: RunSummary })
  retry(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return this.ask(organisationId, id, refuseRetry, () => this.controls.requestRetry(organisationId, id));
  }

  @Post(':id/pause')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Pause the copy of the data of a run',
    description:
      'Volumes that are copied or restored stop within seconds and take no bandwidth until the run is resumed; other steps go on. ' +
      'Asking again changes nothing.',
  })
  @ApiAcceptedResponse({ standardSchema: RunSummary })
  pause(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return this.ask(organisationId, id, refusePause, () => this.controls.pause(organisationId, id));
  }

  @Post(':id/resume')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Resume a run that is paused',
    description: 'Its volumes go on from where they were; nothing is sent twice. Asking again changes nothing.',
  })
  @ApiAcceptedResponse({ standardSchema: RunSummary })
  resume(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return this.ask(organisationId, id, refuseResume, () => this.controls.resume(organisationId, id));
  }

  /** @param refusal why that is not to be had of a run in this state, if it is not */
  private async ask(
    organisationId: string,
    id: string,
    refusal: (run: StoredRun) => string | undefined,
    change: () => Promise<boolean>,
  ): Promise<RunSummary> {
    const run = found(await this.runs.find(organisationId, id), 'run');
    const refused = refusal(run);
    if (refused) throw new ConflictException(refused);
    if (await change()) {
      await this.doorbell.ringAdvance(id).catch(() => {}); // it is noted in the run's row: the sweeper rings again
      await this.news.tell(id);
    }
    return this.reader.summaryOf(organisationId, await this.runs.get(id));
  }
}

function refuseCancel({ phase }: StoredRun): string | undefined {
  return isFinished(phase) ? `the run has finished already: ${phase}` : undefined;
}

function refuseRetry({ phase, cancelRequestedAt }: StoredRun): string | undefined {
  if (phase !== 'Held') return `only a run that is held can be retried, and this one is ${phase}`;
  return cancelRequestedAt ? 'the run is being given up' : undefined;
}

function refusePause({ kind, phase, cancelRequestedAt }: StoredRun): string | undefined {
  if (!pipelineOf(kind).some(({ takesStreams }) => takesStreams)) return `a ${kind.toLowerCase()} moves no data`;
  if (phase !== 'Running') return `only a run that goes on can be paused, and this one is ${phase}`;
  return cancelRequestedAt ? 'the run is being cancelled' : undefined;
}

function refuseResume({ phase }: StoredRun): string | undefined {
  return phase === 'Running' || phase === 'Held' ? undefined : `the run does not go on: it is ${phase}`;
}
