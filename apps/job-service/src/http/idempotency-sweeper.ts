import { setTimeout as sleep } from 'node:timers/promises';
import { IdempotencyStore } from '@godwit/db/idempotency-store';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { OutageLog } from '../advance/outage-log.ts';

const EVERY_MS = 10 * 60_000;

/** Deletes keys of requests, and the answers that are kept with them, when their time is over. Every replica does so. */
@Injectable()
export class IdempotencySweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly outage = new OutageLog(new Logger('idempotency'), 'deleting old keys of requests');
  private readonly stopped = new AbortController();
  private sweeping?: Promise<void>;

  constructor(private readonly keys: IdempotencyStore) {}

  onApplicationBootstrap(): void {
    this.sweeping = this.sweepUntilStopped();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.sweeping;
  }

  private async sweepUntilStopped(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        await this.keys.deleteExpired();
        this.outage.worked();
      } catch (error) {
        this.outage.failed(error);
      }
      await sleep(EVERY_MS, undefined, { signal: this.stopped.signal }).catch(() => {});
    }
  }
}
