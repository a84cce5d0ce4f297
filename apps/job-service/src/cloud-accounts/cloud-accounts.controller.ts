import { CloudAccountView, CloudOptionsQuery, RegisterCloudAccount, TestedCloudAccount } from '@godwit/contracts/api';
import { CloudAccountStatus, CloudOptions } from '@godwit/contracts/calls';
import { movedElsewhere } from '@godwit/contracts/cloud-accounts';
import { DestinationSuggestion, SuggestionQuery } from '@godwit/contracts/destination-suggestion';
import { NamedQuery, pageOf } from '@godwit/contracts/pages';
import { CloudAccountStore } from '@godwit/db/cloud-account-store';
import { ClusterStore } from '@godwit/db/cluster-store';
import type { MeantFor } from '@godwit/db/versions';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Body, ConflictException, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ChangesNeed } from '../access/needs-role.ts';
import { ServiceCalls } from '../calls/service-calls.ts';
import { answerPage } from '../http/answer-page.ts';
import { ApiController } from '../http/api-controller.ts';
import { unlessNameTaken } from '../http/name-taken.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { IfMatch, written } from '../http/versions.ts';
import { References } from '../migrations/references.ts';
import { toCloudAccountView } from './cloud-account-view.ts';

const CloudAccountList = pageOf(CloudAccountView);

/** Accounts of clouds, in which clusters are created. Their credentials go in and never come out. */
@ApiController('cloud-accounts')
@ChangesNeed('admin')
export class CloudAccountsController {
  constructor(
    private readonly accounts: CloudAccountStore,
    private readonly clusters: ClusterStore,
    private readonly references: References,
    private readonly calls: ServiceCalls,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Register a cloud account',
    description:
      'It is registered even if it cannot be used now; the status in the answer tells, and names the permissions that are missing.',
  })
  @ApiCreatedResponse({ standardSchema: TestedCloudAccount })
  async register(@OrganisationId() organisationId: string, @Body({ schema: RegisterCloudAccount }) body: RegisterCloudAccount) {
    const created = await unlessNameTaken('a cloud account', this.accounts.create(organisationId, body.name, body.credentials));
    const status = await this.calls.testCloudAccount(created.id);
    return { ...toCloudAccountView(created), status } satisfies TestedCloudAccount;
  }

  @Get()
  @ApiOperation({ summary: 'List the cloud accounts' })
  @ApiOkResponse({ standardSchema: CloudAccountList })
  list(@OrganisationId() organisationId: string, @Query({ schema: NamedQuery }) query: NamedQuery) {
    return answerPage(this.accounts.page(organisationId, query), toCloudAccountView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a cloud account' })
  @ApiOkResponse({ standardSchema: CloudAccountView })
  async get(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return toCloudAccountView(found(await this.accounts.find(organisationId, id), 'cloud account'));
  }

  @Get(':id/status')
  @ApiOperation({ summary: 'Ask what a cloud account may do, now' })
  @ApiOkResponse({ standardSchema: CloudAccountStatus })
  async status(@OrganisationId() organisationId: string, @IdParam() id: string) {
    const account = found(await this.accounts.find(organisationId, id), 'cloud account');
    return this.calls.testCloudAccount(account.id);
  }

  @Get(':id/options')
  @ApiOperation({
    summary: 'List what a cloud account offers for a new cluster',
    description: 'Versions, shapes of nodes, networks and roles are those of one region.',
  })
  @ApiOkResponse({ standardSchema: CloudOptions })
  async options(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Query({ schema: CloudOptionsQuery }) { region }: CloudOptionsQuery,
  ) {
    const account = found(await this.accounts.find(organisationId, id), 'cloud account');
    return this.calls.listCloudOptions({ cloudAccountId: account.id, ...(region ? { region } : {}) });
  }

  @Get(':id/suggestion')
  @ApiOperation({
    summary: 'Suggest a new cluster that is like a source cluster',
    description:
      'From the nodes of the source and what the account offers: the version, pools of nodes and, as far as they follow, the network and roles. What could not be found out is left out, and told.',
  })
  @ApiOkResponse({ standardSchema: DestinationSuggestion })
  async suggestion(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Query({ schema: SuggestionQuery }) { sourceClusterId, region }: SuggestionQuery,
  ) {
    const account = found(await this.accounts.find(organisationId, id), 'cloud account');
    const cluster = found(await this.clusters.find(organisationId, sourceClusterId), 'cluster');
    const source = await this.calls.listSourceNodes(cluster.id);
    return this.calls.suggestDestination({ cloudAccountId: account.id, region, source });
  }

  @Put(':id')
  @ApiOperation({
    summary: 'Replace the credentials of a cloud account',
    description: 'As a whole, and of the same provider: the clusters that were created in it are reached by them.',
  })
  @ApiOkResponse({ standardSchema: TestedCloudAccount })
  async replace(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: RegisterCloudAccount }) body: RegisterCloudAccount,
    @IfMatch() versions: MeantFor,
  ) {
    const present = found(await this.accounts.find(organisationId, id), 'cloud account');
    if (present.provider !== body.credentials.provider) {
      const message = `is another one than that of the account, which is ${present.provider}`;
      throw new FieldProblem(422, 'the account is of another provider', [{ path: ['credentials', 'provider'], message }]);
    }
    const opened = await this.accounts.open(id);
    const moved = opened ? movedElsewhere(opened.credentials, body.credentials) : [];
    if (moved.length > 0) {
      const fields = moved.map(({ path, message }) => ({ path: ['credentials', ...path], message }));
      throw new FieldProblem(422, 'the clusters of the account are elsewhere: register the other one as another account', fields);
    }
    const update = unlessNameTaken(
      'a cloud account',
      this.accounts.update(organisationId, id, body.name, body.credentials, versions),
    );
    const view = toCloudAccountView(await written('cloud account', update, () => this.accounts.find(organisationId, id)));
    return { ...view, status: await this.calls.testCloudAccount(id) } satisfies TestedCloudAccount;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Forget a cloud account',
    description: 'Refused while a migration, an unfinished run or a cluster that was created in it needs it.',
  })
  @ApiNoContentResponse()
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string, @IfMatch() versions: MeantFor) {
    found(await this.accounts.find(organisationId, id), 'cloud account');
    await this.references.refuseWhileUsed(organisationId, { cloudAccountId: id });
    const clusters = await this.accounts.clusterNames(organisationId, id);
    if (clusters.length > 0) {
      const names = clusters.map((name) => `"${name}"`).join(', ');
      throw new ConflictException(
        `the credentials of the cluster ${names} are renewed by it; forget what was created in it first`,
      );
    }
    const deletion = this.accounts.delete(organisationId, id, versions);
    await written('cloud account', deletion, () => this.accounts.find(organisationId, id));
  }
}
