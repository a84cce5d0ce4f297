import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { OutageLog } from './outage-log.ts';

/** What every replica does again and again from its start to its stop, whatever fails meanwhile. */
export abstract class RepeatedWork implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly outage: OutageLog;
  private readonly stopped = new AbortController();
  private working?: Promise<void>;

  /** @param what of the log: `sampling` */
  constructor(
    what: string,
    private readonly everyMs: number,
  ) {
    this.outage = new OutageLog(new Logger(new.target.name), what);
  }

  /** @param signal aborted when the service stops */
  protected abstract work(signal: AbortSignal): Promise<void>;

  onApplicationBootstrap(): void {
    this.working = this.workUntilStopped();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.working;
  }

  private async workUntilStopped(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        await this.work(signal);
        this.outage.worked();
      } catch (error) {
        if (!signal.aborted) this.outage.failed(error);
      }
      await sleep(this.everyMs, undefined, { signal }).catch(() => {});
    }
  }
}
