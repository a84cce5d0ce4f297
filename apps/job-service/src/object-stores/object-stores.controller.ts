import { ObjectStoreView, RegisterObjectStore, TestedObjectStore } from '@godwit/contracts/api';
import { ObjectStoreStatus } from '@godwit/contracts/calls';
import { NamedQuery, pageOf } from '@godwit/contracts/pages';
import { ObjectStoreStore } from '@godwit/db/object-store-store';
import type { MeantFor } from '@godwit/db/versions';
import { AddressGuard } from '@godwit/service-kit/address-guard';
import { Body, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ChangesNeed } from '../access/needs-role.ts';
import { ServiceCalls } from '../calls/service-calls.ts';
import { answerPage } from '../http/answer-page.ts';
import { ApiController } from '../http/api-controller.ts';
import { unlessNameTaken } from '../http/name-taken.ts';
import { OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { unlessRefused } from '../http/unless-refused.ts';
import { IfMatch, written } from '../http/versions.ts';
import { References } from '../migrations/references.ts';
import { toObjectStoreView } from './object-store-view.ts';

/** Where its objects are, whoever may reach them. */
type Place = Pick<ObjectStoreView, 'endpoint' | 'bucket' | 'prefix'>;

const ObjectStoreList = pageOf(ObjectStoreView);

/** Registered object stores, where archives lie. Their credentials go in and never come out. */
@ApiController('object-stores')
@ChangesNeed('admin')
export class ObjectStoresController {
  constructor(
    private readonly stores: ObjectStoreStore,
    private readonly references: References,
    private readonly calls: ServiceCalls,
    private readonly guard: AddressGuard,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Register an object store',
    description: 'It is registered even if it cannot be used now; the status in the answer tells.',
  })
  @ApiCreatedResponse({ standardSchema: TestedObjectStore })
  async register(@OrganisationId() organisationId: string, @Body({ schema: RegisterObjectStore }) body: RegisterObjectStore) {
    const { name, ...config } = body;
    this.checkEndpoint(config);
    const created = await unlessNameTaken('an object store', this.stores.create(organisationId, name, config));
    return { ...toObjectStoreView(created), status: await this.try(organisationId, created.id) } satisfies TestedObjectStore;
  }

  @Get()
  @ApiOperation({ summary: 'List the registered object stores' })
  @ApiOkResponse({ standardSchema: ObjectStoreList })
  list(@OrganisationId() organisationId: string, @Query({ schema: NamedQuery }) query: NamedQuery) {
    return answerPage(this.stores.page(organisationId, query), toObjectStoreView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a registered object store' })
  @ApiOkResponse({ standardSchema: ObjectStoreView })
  async get(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return toObjectStoreView(found(await this.stores.find(organisationId, id), 'object store'));
  }

  @Get(':id/status')
  @ApiOperation({ summary: 'Try an object store, now', description: 'Writes, reads, lists and deletes a small object.' })
  @ApiOkResponse({ standardSchema: ObjectStoreStatus })
  async status(@OrganisationId() organisationId: string, @IdParam() id: string) {
    const { id: objectStoreId } = found(await this.stores.find(organisationId, id), 'object store');
    return this.try(organisationId, objectStoreId);
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Test the connection to an object store',
    description: 'Writes, reads, lists and deletes a small object; a problem says which of them failed, why, and what to do.',
  })
  @ApiOkResponse({ standardSchema: ObjectStoreStatus })
  test(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return this.status(organisationId, id);
  }

  @Put(':id')
  @ApiOperation({
    summary: 'Replace the configuration of an object store',
    description:
      'As a whole, with its credentials. Another place is refused while an unfinished run has its archive in this one.',
  })
  @ApiOkResponse({ standardSchema: TestedObjectStore })
  async replace(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: RegisterObjectStore }) body: RegisterObjectStore,
    @IfMatch() versions: MeantFor,
  ) {
    const { name, ...config } = body;
    this.checkEndpoint(config);
    const present = found(await this.stores.find(organisationId, id), 'object store');
    if (!isSamePlace(present, config)) await this.references.refuseWhileRunning(organisationId, { objectStoreId: id });
    const update = unlessNameTaken('an object store', this.stores.update(organisationId, id, name, config, versions));
    const view = toObjectStoreView(await written('object store', update, () => this.stores.find(organisationId, id)));
    return { ...view, status: await this.try(organisationId, id) } satisfies TestedObjectStore;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget an object store', description: 'Refused while a migration or an unfinished run needs it.' })
  @ApiNoContentResponse()
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string, @IfMatch() versions: MeantFor) {
    found(await this.stores.find(organisationId, id), 'object store');
    await this.references.refuseWhileUsed(organisationId, { objectStoreId: id });
    const deletion = this.stores.delete(organisationId, id, versions);
    await written('object store', deletion, () => this.stores.find(organisationId, id));
  }

  /** @throws FieldProblem 400 */
  private checkEndpoint({ endpoint }: Place): void {
    unlessRefused(400, 'the object store is not valid', ['endpoint'], () => this.guard.checkUrl(endpoint));
  }

  private try(organisationId: string, objectStoreId: string): Promise<ObjectStoreStatus> {
    return this.calls.testObjectStore({ organisationId, storage: { type: 'ObjectStore', objectStoreId } });
  }
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.endpoint === other.endpoint && one.bucket === other.bucket && one.prefix === other.prefix;
}
