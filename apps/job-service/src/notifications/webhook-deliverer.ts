import { type DueDelivery, WebhookDeliveryStore } from '@godwit/db/webhook-delivery-store';
import { webhookGuard } from '@godwit/service-kit/address-guard';
import { RepeatedWork } from '@godwit/service-kit/repeated-work';
import { Inject, Injectable } from '@nestjs/common';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from './notifications-config.ts';
import { nextAttemptAt, problemOf, WebhookSender } from './send-webhook.ts';

const LOOK_EVERY_MS = 1_000;
/** At once, of all organisations. */
const MOST = 20;
/** More than a message takes: one whose sender died is sent again after it. */
const LEASE_MS = 60_000;

/** Sends what is due. Every replica does so; each message is taken by one of them. */
@Injectable()
export class WebhookDeliverer extends RepeatedWork {
  private readonly sender: WebhookSender;

  constructor(
    @Inject(NOTIFICATIONS_CONFIG) config: NotificationsConfig,
    private readonly deliveries: WebhookDeliveryStore,
  ) {
    super('telling of runs', LOOK_EVERY_MS);
    this.sender = new WebhookSender(webhookGuard(config.allowedNetworks));
  }

  override async onApplicationShutdown(): Promise<void> {
    await super.onApplicationShutdown();
    await this.sender.close();
  }

  protected async work(signal: AbortSignal): Promise<void> {
    let taken = MOST;
    while (taken === MOST && !signal.aborted) {
      const due = await this.deliveries.claim(MOST, LEASE_MS);
      await Promise.all(due.map((delivery) => this.deliver(delivery)));
      taken = due.length;
    }
  }

  private async deliver(delivery: DueDelivery): Promise<void> {
    try {
      await this.sender.send(delivery);
    } catch (error) {
      const nextAt = nextAttemptAt(delivery.attempts, new Date(), Math.random());
      await this.deliveries.failed(delivery.id, problemOf(error), nextAt);
      return;
    }
    await this.deliveries.delivered(delivery.id);
  }
}
