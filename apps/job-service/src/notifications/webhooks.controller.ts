import { NamedQuery, pageOf } from '@godwit/contracts/pages';
import { CreatedWebhook, DeliveriesQuery, SaveWebhook, WebhookDeliveryView, WebhookView } from '@godwit/contracts/webhooks';
import type { MeantFor } from '@godwit/db/versions';
import { WebhookDeliveryStore } from '@godwit/db/webhook-delivery-store';
import { WebhookStore } from '@godwit/db/webhook-store';
import { type AddressGuard, webhookGuard } from '@godwit/service-kit/address-guard';
import { Body, Delete, Get, HttpCode, Inject, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Caller } from '../access/authenticator.ts';
import { ChangesNeed } from '../access/needs-role.ts';
import { answerPage } from '../http/answer-page.ts';
import { ApiController } from '../http/api-controller.ts';
import { unlessNameTaken } from '../http/name-taken.ts';
import { CallerOf, OrganisationId } from '../http/organisation-scope.ts';
import { found, IdParam } from '../http/route-schemas.ts';
import { unlessRefused } from '../http/unless-refused.ts';
import { IfMatch, written } from '../http/versions.ts';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from './notifications-config.ts';
import { toDeliveryView, toWebhookView } from './webhook-view.ts';

const WebhookList = pageOf(WebhookView);
const DeliveryList = pageOf(WebhookDeliveryView);

/** Where an organisation is told of its runs. */
@ApiController('webhooks')
@ChangesNeed('admin')
export class WebhooksController {
  private readonly guard: AddressGuard;

  constructor(
    @Inject(NOTIFICATIONS_CONFIG) config: NotificationsConfig,
    private readonly webhooks: WebhookStore,
    private readonly deliveryStore: WebhookDeliveryStore,
  ) {
    this.guard = webhookGuard(config.allowedNetworks);
  }

  @Post()
  @ApiOperation({
    summary: 'Save a webhook',
    description:
      'The key with which its messages are signed (https://www.standardwebhooks.com) is in this answer and in no other.',
  })
  @ApiCreatedResponse({ standardSchema: CreatedWebhook })
  async create(@OrganisationId() organisationId: string, @Body({ schema: SaveWebhook }) body: SaveWebhook) {
    this.checkUrl(body);
    const { signingKey, ...webhook } = await unlessNameTaken('a webhook', this.webhooks.create(organisationId, body));
    return { ...toWebhookView(webhook, 'admin'), signingKey } satisfies CreatedWebhook;
  }

  @Get()
  @ApiOperation({ summary: 'List the webhooks', description: 'Who is no admin sees of a URL its origin only.' })
  @ApiOkResponse({ standardSchema: WebhookList })
  list(@OrganisationId() organisationId: string, @CallerOf() { role }: Caller, @Query({ schema: NamedQuery }) query: NamedQuery) {
    return answerPage(this.webhooks.page(organisationId, query), (webhook) => toWebhookView(webhook, role));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get a webhook' })
  @ApiOkResponse({ standardSchema: WebhookView })
  async get(@OrganisationId() organisationId: string, @CallerOf() { role }: Caller, @IdParam() id: string) {
    return toWebhookView(found(await this.webhooks.find(organisationId, id), 'webhook'), role);
  }

  @Get(':id/deliveries')
  @ApiOperation({ summary: 'List the latest messages of a webhook, and what became of them' })
  @ApiOkResponse({ standardSchema: DeliveryList })
  async deliveries(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Query({ schema: DeliveriesQuery }) query: DeliveriesQuery,
  ) {
    found(await this.webhooks.find(organisationId, id), 'webhook');
    return answerPage(this.deliveryStore.page(id, query), toDeliveryView);
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change a webhook', description: 'Its signing key stays.' })
  @ApiOkResponse({ standardSchema: WebhookView })
  async replace(
    @OrganisationId() organisationId: string,
    @IdParam() id: string,
    @Body({ schema: SaveWebhook }) body: SaveWebhook,
    @IfMatch() versions: MeantFor,
  ) {
    this.checkUrl(body);
    const update = unlessNameTaken('a webhook', this.webhooks.update(organisationId, id, body, versions));
    return toWebhookView(await written('webhook', update, () => this.webhooks.find(organisationId, id)), 'admin');
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a webhook', description: 'What was not delivered yet is not delivered any more.' })
  @ApiNoContentResponse()
  async delete(@OrganisationId() organisationId: string, @IdParam() id: string, @IfMatch() versions: MeantFor) {
    const deletion = this.webhooks.delete(organisationId, id, versions);
    await written('webhook', deletion, () => this.webhooks.find(organisationId, id));
  }

  /** @throws FieldProblem 400 */
  private checkUrl({ url }: SaveWebhook): void {
    unlessRefused(400, 'the webhook is not valid', ['url'], () => this.guard.checkUrl(url));
  }
}
