import type { DueDelivery } from '@godwit/db/webhook-delivery-store';
import type { AddressGuard } from '@godwit/service-kit/address-guard';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';

const TIMEOUT_MS = 10_000;

/** Waits between attempts, in seconds; after the last it is given up. */
const WAITS_SECONDS = [5, 30, 120, 600, 1800, 7200, 21_600];

/**
 * @param attempts how often it was tried, 1 or more
 * @param random 0 to 1: waits differ, so that what failed together is not tried again together
 * @returns undefined: it is given up
 */
export function nextAttemptAt(attempts: number, now: Date, random: number): Date | undefined {
  const wait = WAITS_SECONDS[attempts - 1];
  return wait === undefined ? undefined : new Date(now.getTime() + wait * (0.8 + 0.4 * random) * 1000);
}

/** Sends messages, signed as https://www.standardwebhooks.com says. */
export class WebhookSender {
  private readonly agent: Agent;

  constructor(private readonly guard: AddressGuard) {
    this.agent = new Agent({ connect: { lookup: guard.lookup, timeout: TIMEOUT_MS } });
  }

  /** @throws Error that says what went wrong, and nothing of the answer's body */
  async send({ id, url, signingKey, body }: DueDelivery): Promise<void> {
    this.guard.checkUrl(url);
    const now = new Date();
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    // Redirects are not followed: they would lead past the guard's look at the URL.
    const answer = await request(url, {
      method: 'POST',
      dispatcher: this.agent,
      signal,
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'godwit',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(signingKey, { format: 'raw' }).sign(id, now, body),
      },
    });
    await answer.body.dump({ limit: 16_384, signal }).catch(() => {});
    if (answer.statusCode < 200 || answer.statusCode > 299) throw new Error(`it answered ${answer.statusCode}`);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

/** What went wrong, for people. */
export function problemOf(error: unknown): string {
  for (let at = error as { message?: string; code?: string; cause?: unknown } | undefined; at; at = at.cause as typeof at) {
    if (at.code === 'UND_ERR_CONNECT_TIMEOUT' || (at as Error).name === 'TimeoutError') return 'it did not answer in time';
    if (at.cause === undefined) return at.code ? `it cannot be reached (${at.code})` : (at.message ?? 'it failed');
  }
  return 'it failed';
}
