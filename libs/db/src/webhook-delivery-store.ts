import type { Page, PageQuery } from '@godwit/contracts/pages';
import type { NotifiedPhase } from '@godwit/contracts/webhooks';
import { Injectable } from '@nestjs/common';
import type { WebhookDelivery as Row } from './generated/client.ts';
import { pageLatest } from './pages.ts';
import { PrismaService } from './prisma.service.ts';
import { WebhookStore } from './webhook-store.ts';

/** A message that is to be sent now. */
export interface DueDelivery {
  id: string;
  url: string;
  signingKey: Buffer;
  /** JSON. */
  body: string;
  createdAt: Date;
  /** This one included. */
  attempts: number;
}

export interface WebhookDelivery {
  id: string;
  runId: string;
  phase: NotifiedPhase;
  attempts: number;
  createdAt: Date;
  deliveredAt?: Date;
  nextAt?: Date;
  problem?: string;
}

/** Messages for webhooks, and how far they are. */
@Injectable()
export class WebhookDeliveryStore {
  constructor(
    private readonly prisma: PrismaService,
    private readonly webhooks: WebhookStore,
  ) {}

  /**
   * Takes messages that are due, for one sender: another finds them due again only after `leaseMs`.
   *
   * @param most how many at once
   */
  async claim(most: number, leaseMs: number): Promise<DueDelivery[]> {
    const until = new Date(Date.now() + leaseMs);
    const claimed = await this.prisma.$queryRaw<{ id: string }[]>`
      UPDATE "WebhookDelivery" SET attempts = attempts + 1, "nextAt" = ${until}
      WHERE id IN (
        SELECT id FROM "WebhookDelivery" WHERE "nextAt" <= now() ORDER BY "nextAt" LIMIT ${most} FOR UPDATE SKIP LOCKED
      ) RETURNING id`;
    if (claimed.length === 0) return [];
    const rows = await this.prisma.webhookDelivery.findMany({
      where: { id: { in: claimed.map(({ id }) => id) } },
      include: { webhook: true },
    });
    return rows.map(({ id, webhook, body, createdAt, attempts }) => ({
      id,
      url: webhook.url,
      signingKey: this.webhooks.openSigningKey(webhook),
      body: JSON.stringify(body),
      createdAt,
      attempts,
    }));
  }

  async delivered(id: string): Promise<void> {
    await this.prisma.webhookDelivery.updateMany({
      where: { id },
      data: { deliveredAt: new Date(), nextAt: null, problem: null },
    });
  }

  /** @param nextAt undefined: it is given up */
  async failed(id: string, problem: string, nextAt: Date | undefined): Promise<void> {
    await this.prisma.webhookDelivery.updateMany({ where: { id }, data: { problem, nextAt: nextAt ?? null } });
  }

  /** @returns the latest first */
  page(webhookId: string, query: PageQuery): Promise<Page<WebhookDelivery>> {
    return pageLatest(query, toDelivery, ({ where, ...page }) =>
      this.prisma.webhookDelivery.findMany({ where: { webhookId, ...where }, ...page }),
    );
  }
}

function toDelivery({ id, runId, phase, attempts, createdAt, deliveredAt, nextAt, problem }: Row): WebhookDelivery {
  return {
    id,
    runId,
    phase: phase as NotifiedPhase,
    attempts,
    createdAt,
    ...(deliveredAt ? { deliveredAt } : {}),
    ...(nextAt ? { nextAt } : {}),
    ...(problem ? { problem } : {}),
  };
}
