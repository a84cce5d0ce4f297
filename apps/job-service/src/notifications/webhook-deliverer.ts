import { setTimeout as sleep } from 'node:timers/promises';
import { type DueDelivery, WebhookDeliveryStore } from '@godwit/db/webhook-delivery-store';
import { OutageLog } from '@godwit/service-kit/outage-log';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AddressGuard } from './address-guard.ts';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from './notifications-config.ts';
import { nextAttemptAt, problemOf, WebhookSender } from './send-webhook.ts';

const LOOK_EVERY_MS = 1_000;
/** At once, of all organisations. */
const MOST = 20;
/** More than a message takes: one whose sender died is sent again after it. */
const LEASE_MS = 60_000;

/** Sends what is due. Every replica does so; each message is taken by one of them. */
@Injectable()
export class WebhookDeliverer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly outage = new OutageLog(new Logger('webhooks'), 'telling of runs');
  private readonly stopped = new AbortController();
  private readonly sender: WebhookSender;
  private delivering?: Promise<void>;

  constructor(
    @Inject(NOTIFICATIONS_CONFIG) config: NotificationsConfig,
    private readonly deliveries: WebhookDeliveryStore,
  ) {
    this.sender = new WebhookSender(new AddressGuard(config.allowedNetworks));
  }

  onApplicationBootstrap(): void {
    this.delivering = this.deliverUntilStopped();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.delivering;
    await this.sender.close();
  }

  private async deliverUntilStopped(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        const due = await this.deliveries.claim(MOST, LEASE_MS);
        await Promise.all(due.map((delivery) => this.deliver(delivery)));
        this.outage.worked();
        if (due.length === MOST) continue;
      } catch (error) {
        this.outage.failed(error);
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
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
