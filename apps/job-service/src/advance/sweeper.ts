import { setTimeout as sleep } from 'node:timers/promises';
import { AdvanceStore } from '@godwit/db/advance-store';
import { Doorbell } from '@godwit/queue/doorbell';
import { OutageLog } from '@godwit/service-kit/outage-log';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RunAdmission } from '../run-queue/run-admission.ts';

const EVERY_MS = 2_000;
/** How long a bell may take to be heard. */
const HEARD_WITHIN_MS = 3_000;

/**
 * Rings for the runs that should have gone on and did not: a bell that Redis lost, a worker that died. Every replica does
 * so; a bell that rings twice does no harm.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly outage = new OutageLog(new Logger('sweeper'), 'sweeping');
  private readonly stopped = new AbortController();
  private sweeping?: Promise<void>;

  constructor(
    private readonly store: AdvanceStore,
    private readonly doorbell: Doorbell,
    private readonly admission: RunAdmission,
  ) {}

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
        await this.admission.admit();
        for (const runId of await this.store.findUnheard(HEARD_WITHIN_MS)) await this.doorbell.ringAdvance(runId);
        this.outage.worked();
      } catch (error) {
        this.outage.failed(error);
      }
      await sleep(EVERY_MS, undefined, { signal: this.stopped.signal }).catch(() => {});
    }
  }
}
