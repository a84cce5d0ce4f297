import { RunSummary } from '@godwit/contracts/api';
import { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { Body, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { PREVIEW_DESCRIPTION, Previews } from './previews.ts';

@ApiController('previews')
export class PreviewsController {
  constructor(private readonly previews: Previews) {}

  @Post()
  @ApiOperation({ summary: 'Start a preview of a definition that need not be saved', description: PREVIEW_DESCRIPTION })
  @ApiCreatedResponse({ standardSchema: RunSummary })
  start(@OrganisationId() organisationId: string, @Body({ schema: MigrationDefinition }) definition: MigrationDefinition) {
    return this.previews.start(organisationId, definition);
  }
}
