import { RunQueueStore } from '@godwit/db/run-queue-store';
import type { RunLimits } from '@godwit/pipeline/admit-runs';
import { Doorbell } from '@godwit/queue/doorbell';
import { RunNews } from '@godwit/queue/run-news';
import { Inject, Injectable } from '@nestjs/common';
import { RUN_LIMITS } from './run-limits.ts';

/**
 * Lets runs leave the queue: asked when one comes, when one has finished, and now and then by the sweeper, which hears of what
 * nobody told (a time that has come, a limit that was raised, a process that died).
 */
@Injectable()
export class RunAdmission {
  constructor(
    @Inject(RUN_LIMITS) private readonly limits: RunLimits,
    private readonly queue: RunQueueStore,
    private readonly doorbell: Doorbell,
    private readonly news: RunNews,
  ) {}

  async admit(): Promise<void> {
    for (const id of await this.queue.admit(this.limits)) {
      await this.doorbell.ringAdvance(id).catch(() => {}); // it is noted in the run's row: the sweeper rings again
      await this.news.tell(id);
    }
  }
}
