import { ClusterView, InspectedCluster, RegisterCluster, UpdateCluster } from '@godwit/contracts/api';
import { ClusterStatus } from '@godwit/contracts/calls';
import { OfferedLabels, OfferedNamespaces, OfferedTypes } from '@godwit/contracts/cluster-offer';
import { NamedQuery, pageOf } from '@godwit/contracts/pages';
import { ClusterStore } from '@godwit/db/cluster-store';
import type { MeantFor } from '@godwit/db/versions';
import { checkKubeconfig, connectsTo } from '@godwit/kube/kubeconfig';
import { AddressGuard } from '@godwit/service-kit/address-guard';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { Body, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
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
import { toClusterView } from './cluster-view.ts';

const ClusterList = pageOf(ClusterView);

/** Registered clusters. Their kubeconfigs go in and never come out. */
@ApiController('clusters')
@ChangesNeed('admin')
export class ClustersController {
  constructor(
    private readonly clusters: ClusterStore,
    private readonly references: References,
    private readonly calls: ServiceCalls,
    private readonly guard: AddressGuard,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Register a cluster',
    description:
      'It is registered even if it cannot be reached now; the status in the answer tells. A kubeconfig that would run a program or read a file on our side (exec, auth-provider, file paths) is refused.',
  })
  @ApiCreatedResponse({ standardSchema: InspectedCluster })
  async register(@OrganisationId() organisationId: string, @Body({ schema: RegisterCluster }) body: RegisterCluster) {
    const server = this.serverOf(body.kubeconfig);
    const created = await unlessNameTaken('a cluster', this.clusters.create(organisationId, { ...body, server }));
    return { ...toClusterView(created), status: await this.calls.inspectCluster(created.id) } satisfies InspectedCluster;
  }

  @Get()
  @ApiOperation({ summary: 'List the registered clusters' })
  @ApiOkResponse({ standardSchema: ClusterList })
  list(@OrganisationId() organisationId: string, @Query({ schema: NamedQuery }) query: NamedQuery) {
    return answerPage(this.clusters.page(organisationId, query), toClusterView);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a registered cluster' })
  @ApiOkResponse({ standardSchema: ClusterView })
  async get(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return toClusterView(found(await this.clusters.find(organisationId, id), 'cluster'));
  }

  @Get(':id/status')
  @ApiOperation({ summary: 'Ask a cluster how it is, now' })
  @ApiOkResponse({ standardSchema: ClusterStatus })
  async status(@OrganisationId() organisationId: string, @IdParam() id: string) {
    const { id: clusterId } = found(await this.clusters.find(organisationId, id), 'cluster');
    return this.calls.inspectCluster(clusterId);
  }

  @Get(':id/namespaces')
  @ApiOperation({ summary: 'Tell what namespaces a cluster has now, with their pods and volumes' })
  @ApiOkResponse({ standardSchema: OfferedNamespaces })
  async namespaces(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return this.calls.offerNamespaces(found(await this.clusters.find(organisationId, id), 'cluster').id);
  }

  @Get(':id/resource-types')
  @ApiOperation({ summary: 'Tell what types of objects a cluster serves now' })
  @ApiOkResponse({ standardSchema: OfferedTypes })
  async resourceTypes(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return this.calls.offerTypes(found(await this.clusters.find(organisationId, id), 'cluster').id);
  }

  @Get(':id/labels')
  @ApiOperation({
    summary: 'Tell what labels there are on a cluster now',
    description: 'Those of workloads, Services, claims and ConfigMaps, and how many of these have each.',
  })
  @ApiOkResponse({ standardSchema: OfferedLabels })
  async labels(@OrganisationId() organisationId: string, @IdParam() id: string) {
    return this.calls.offerLabels(found(await this.clusters.find(organisationId, id), 'cluster').id);
  }

  @Patch(':id')
  @ApiOperation({
    summary:
      'Rename a cluster, give it another kubeconfig, or say what migrations from it prefer and how many runs it takes at once',
  })
  @ApiOkResponse({ standardSchema: InspectedCluster })
  async update(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: UpdateCluster }) body: UpdateCluster,
    @IfMatch() versions: MeantFor,
  ) {
    const { preferences = {}, ...columns } = body;
    const server = body.kubeconfig === undefined ? {} : { server: this.serverOf(body.kubeconfig) };
    const change = { ...columns, ...server, preferredStorage: preferences.storage };
    const present = found(await this.clusters.find(organisationId, id), 'cluster');
    if (preferences.storage) await this.references.checkPreferredStorage(organisationId, preferences.storage);
    // New credentials of the same cluster may come at any time; another cluster would get the rest of a run and its cleanup.
    if (change.server !== undefined && change.server !== present.server) {
      await this.references.refuseWhileRunning(organisationId, { clusterId: id });
    }
    const update = unlessNameTaken('a cluster', this.clusters.update(organisationId, id, change, versions));
    const view = toClusterView(await written('cluster', update, () => this.clusters.find(organisationId, id)));
    return { ...view, status: await this.calls.inspectCluster(id) } satisfies InspectedCluster;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget a cluster', description: 'Refused while a migration or an unfinished run needs it.' })
  @ApiNoContentResponse()
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string, @IfMatch() versions: MeantFor) {
    found(await this.clusters.find(organisationId, id), 'cluster');
    await this.references.refuseWhileUsed(organisationId, { clusterId: id });
    const deletion = this.clusters.delete(organisationId, id, versions);
    await written('cluster', deletion, () => this.clusters.find(organisationId, id));
  }

  /** @throws FieldProblem 422 if the kubeconfig is refused; paths begin with `kubeconfig` and go on within its document */
  private serverOf(kubeconfig: string): string {
    const checked = checkKubeconfig(kubeconfig);
    if (!checked.ok) {
      const fields = checked.problems.map(({ path, message }) => ({ path: ['kubeconfig', ...path], message }));
      throw new FieldProblem(422, 'the kubeconfig is refused', fields);
    }
    const url = connectsTo(checked.kubeconfig);
    unlessRefused(422, 'the kubeconfig is refused', ['kubeconfig', 'clusters'], () => this.guard.checkUrl(url));
    return checked.server;
  }
}
