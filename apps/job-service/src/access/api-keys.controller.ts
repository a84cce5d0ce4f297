import { ApiKeyView, CallerView, CreateApiKey, CreatedApiKey } from '@godwit/contracts/access';
import { NamedQuery, pageOf } from '@godwit/contracts/pages';
import { ApiKeyStore, type SavedApiKey } from '@godwit/db/api-key-store';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Body, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { answerPage } from '../http/answer-page.ts';
import { ApiController } from '../http/api-controller.ts';
import { unlessNameTaken } from '../http/name-taken.ts';
import { CallerOf, OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import type { Caller } from './authenticator.ts';
import { ChangesNeed } from './needs-role.ts';

const ApiKeyList = pageOf(ApiKeyView);

/** Keys for callers of the API. */
@ApiController('api-keys')
@ChangesNeed('admin')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeyStore) {}

  @Post()
  @ApiOperation({
    summary: 'Make an API key',
    description: 'The key is in this answer and in no other: only a hash of it is kept.',
  })
  @ApiCreatedResponse({ standardSchema: CreatedApiKey })
  async create(@OrganisationId() organisationId: string, @Body({ schema: CreateApiKey }) body: CreateApiKey) {
    if (body.expiresAt && new Date(body.expiresAt) <= new Date()) {
      throw new FieldProblem(400, 'the key is not valid', [{ path: ['expiresAt'], message: 'is in the past' }]);
    }
    const { key, ...saved } = await unlessNameTaken('an API key', this.keys.create(organisationId, body));
    return { ...toApiKeyView(saved), key } satisfies CreatedApiKey;
  }

  @Get()
  @ApiOperation({ summary: 'List the API keys' })
  @ApiOkResponse({ standardSchema: ApiKeyList })
  list(@OrganisationId() organisationId: string, @Query({ schema: NamedQuery }) query: NamedQuery) {
    return answerPage(this.keys.page(organisationId, query), toApiKeyView);
  }

  @Get('caller')
  @ApiOperation({ summary: 'Tell who calls' })
  @ApiOkResponse({ standardSchema: CallerView })
  caller(@CallerOf() { name, role, organisation }: Caller) {
    return { name, role, organisation } satisfies CallerView;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take an API key back', description: 'It is refused from now on.' })
  @ApiNoContentResponse()
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string) {
    found((await this.keys.delete(organisationId, id)) || undefined, 'API key');
  }
}

function toApiKeyView({ createdAt, expiresAt, lastUsedAt, ...key }: SavedApiKey): ApiKeyView {
  return {
    ...key,
    createdAt: createdAt.toISOString(),
    ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    ...(lastUsedAt ? { lastUsedAt: lastUsedAt.toISOString() } : {}),
  };
}
