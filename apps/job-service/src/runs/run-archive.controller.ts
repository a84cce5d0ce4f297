import { RunArchiveView } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { RunArchiveStore } from '@godwit/db/run-archive-store';
import { RunStore } from '@godwit/db/run-store';
import { ConflictException, Delete, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { RunReader } from './run-reader.ts';

/** The archives of finished runs. */
@ApiController('runs')
export class RunArchiveController {
  constructor(
    private readonly runs: RunStore,
    private readonly archives: RunArchiveStore,
    private readonly reader: RunReader,
  ) {}

  @Delete(':id/archive')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Delete the archive of a run before its time',
    description: 'Refused while the run is unfinished. It is deleted within seconds; the archive of the run says when it is.',
  })
  @ApiAcceptedResponse({ standardSchema: RunArchiveView })
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string) {
    const run = found(await this.runs.find(organisationId, id), 'run');
    if (!isFinished(run.phase)) throw new ConflictException('the run is unfinished; wait for it or cancel it first');
    found((await this.archives.requestDeletion(organisationId, id)) || undefined, 'archive of the run');
    return this.reader.archiveOf(await this.runs.get(id));
  }
}
