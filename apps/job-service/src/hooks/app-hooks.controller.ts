import { AppHookTemplate, AppHookView, MatchHookPods } from '@godwit/contracts/api';
import { listOf } from '@godwit/contracts/api-lists';
import { AppHook } from '@godwit/contracts/app-hooks';
import { HookPods } from '@godwit/contracts/calls';
import { NamedQuery, pageOf } from '@godwit/contracts/pages';
import { AppHookStore } from '@godwit/db/app-hook-store';
import { ClusterStore } from '@godwit/db/cluster-store';
import type { MeantFor } from '@godwit/db/versions';
import { LabelSeedError, parseLabelSeed } from '@godwit/selection/label-seed';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Body, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ServiceCalls } from '../calls/service-calls.ts';
import { answerPage } from '../http/answer-page.ts';
import { ApiController } from '../http/api-controller.ts';
import { unlessNameTaken } from '../http/name-taken.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { IfMatch, written } from '../http/versions.ts';
import { References } from '../migrations/references.ts';
import { toAppHookView } from './app-hook-view.ts';
import { HOOK_TEMPLATES } from './templates/hook-templates.ts';

const AppHookList = pageOf(AppHookView);
const AppHookTemplateList = listOf(AppHookTemplate);

/** Saved hooks: commands that migrations run in the pods of applications. */
@ApiController('app-hooks')
export class AppHooksController {
  constructor(
    private readonly hooks: AppHookStore,
    private readonly clusters: ClusterStore,
    private readonly references: References,
    private readonly calls: ServiceCalls,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Save a hook' })
  @ApiCreatedResponse({ standardSchema: AppHookView })
  async create(@OrganisationId() organisationId: string, @Body({ schema: AppHook }) body: AppHook) {
    checkLabels(body);
    return toAppHookView(await unlessNameTaken('a hook', this.hooks.create(organisationId, body)));
  }

  @Get()
  @ApiOperation({ summary: 'List the saved hooks' })
  @ApiOkResponse({ standardSchema: AppHookList })
  list(@OrganisationId() organisationId: string, @Query({ schema: NamedQuery }) query: NamedQuery) {
    return answerPage(this.hooks.page(organisationId, query), toAppHookView);
  }

  @Get('templates')
  @ApiOperation({ summary: 'List the hooks that come with the product', description: 'Save one, changed as needed, to use it.' })
  @ApiOkResponse({ standardSchema: AppHookTemplateList })
  templates() {
    return { items: HOOK_TEMPLATES };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a saved hook' })
  @ApiOkResponse({ standardSchema: AppHookView })
  async get(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return toAppHookView(found(await this.hooks.find(organisationId, id), 'hook'));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change a hook', description: 'Runs that were started before keep their own copy.' })
  @ApiOkResponse({ standardSchema: AppHookView })
  async replace(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: AppHook }) body: AppHook,
    @IfMatch() versions: MeantFor,
  ) {
    checkLabels(body);
    const update = unlessNameTaken('a hook', this.hooks.update(organisationId, id, body, versions));
    return toAppHookView(await written('hook', update, () => this.hooks.find(organisationId, id)));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a hook', description: 'Refused while a migration uses it.' })
  @ApiNoContentResponse()
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string, @IfMatch() versions: MeantFor) {
    found(await this.hooks.find(organisationId, id), 'hook');
    await this.references.refuseWhileUsed(organisationId, { hookId: id });
    const deletion = this.hooks.delete(organisationId, id, versions);
    await written('hook', deletion, () => this.hooks.find(organisationId, id));
  }

  @Post(':id/matches')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tell in which pods a hook would run now', description: 'Nothing is run.' })
  @ApiOkResponse({ standardSchema: HookPods })
  async matches(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: MatchHookPods }) { clusterId, namespaces }: MatchHookPods,
  ) {
    const { labels, container } = found(await this.hooks.find(organisationId, id), 'hook');
    if (!(await this.clusters.find(organisationId, clusterId))) {
      throw new FieldProblem(422, 'the request refers to what is not registered', [
        { path: ['clusterId'], message: 'is not the id of a registered cluster' },
      ]);
    }
    return this.calls.matchHookPods({ clusterId, labels, namespaces, ...(container ? { container } : {}) });
  }
}

/** @throws FieldProblem 400 that says where the text goes wrong */
function checkLabels({ labels }: AppHook): void {
  try {
    parseLabelSeed(labels);
  } catch (error) {
    if (!(error instanceof LabelSeedError)) throw error;
    throw new FieldProblem(400, 'the hook is not valid', [{ path: ['labels'], message: `${error.message} ${error.cure}` }]);
  }
}
