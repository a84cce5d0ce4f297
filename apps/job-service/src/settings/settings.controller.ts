import { Settings, UpdateSettings } from '@godwit/contracts/settings';
import { SettingsStore } from '@godwit/db/settings-store';
import { Body, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ChangesNeed } from '../access/needs-role.ts';
import { ApiController } from '../http/api-controller.ts';
import { OrganisationId } from '../http/organisation-scope.ts';

/** What holds for all of an organisation. */
@ApiController('settings')
@ChangesNeed('admin')
export class SettingsController {
  constructor(private readonly settings: SettingsStore) {}

  @Get()
  @ApiOperation({ summary: 'Get the settings of the organisation' })
  @ApiOkResponse({ standardSchema: Settings })
  get(@OrganisationId() organisationId: string) {
    return this.settings.get(organisationId);
  }

  @Patch()
  @ApiOperation({
    summary: 'Change the settings of the organisation',
    description: 'What is absent stays. How long archives are kept holds for runs that end from now on.',
  })
  @ApiOkResponse({ standardSchema: Settings })
  update(@OrganisationId() organisationId: string, @Body({ schema: UpdateSettings }) body: UpdateSettings) {
    return this.settings.update(organisationId, body);
  }
}
