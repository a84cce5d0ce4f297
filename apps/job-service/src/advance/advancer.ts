import { AdvanceStore, type ReadyStep } from '@godwit/db/advance-store';
import { declarationOf } from '@godwit/pipeline/pipeline';
import { AdvanceWorker } from '@godwit/queue/advance-worker';
import { Doorbell } from '@godwit/queue/doorbell';
import { RedisService } from '@godwit/queue/redis';
import { RunNews } from '@godwit/queue/run-news';
import { OutageLog } from '@godwit/service-kit/outage-log';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { RunAdmission } from '../run-queue/run-admission.ts';
import { RecentRings } from './recent-rings.ts';
import { storyOf } from './story.ts';

/** Runs that are advanced at the same time. One run is never advanced twice at once: its row is locked meanwhile. */
const CONCURRENCY = 4;

/**
 * Carries runs on: decides and writes what comes next, commits, and only then rings the workers. When this process dies
 * between the two, the steps stand in Postgres and the sweeper rings.
 */
@Injectable()
export class Advancer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly outage = new OutageLog(new Logger('advance'), 'carrying runs on');
  private readonly rings = new RecentRings();
  private worker?: AdvanceWorker;

  constructor(
    private readonly store: AdvanceStore,
    private readonly doorbell: Doorbell,
    private readonly redis: RedisService,
    private readonly news: RunNews,
    private readonly admission: RunAdmission,
  ) {}

  onApplicationBootstrap(): void {
    this.worker = new AdvanceWorker({
      redis: this.redis,
      concurrency: CONCURRENCY,
      advance: (runId) => this.advance(runId),
      onError: (error) => this.outage.failed(error),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker?.stop();
  }

  private async advance(runId: string): Promise<void> {
    const advanced = await this.store.advance(runId, storyOf);
    if (!advanced) return;
    for (const step of advanced.ready) await this.ring(step);
    if (advanced.commands.length > 0) await this.news.tell(runId);
    if (advanced.commands.some(({ type }) => type === 'finish')) await this.admission.admit();
    this.outage.worked();
  }

  private async ring({ id, name, attempt, notBefore }: ReadyStep): Promise<void> {
    if (!this.rings.isDue(`${id}-${attempt}`)) return;
    await this.doorbell.ringStep(declarationOf(name).queue, { stepId: id, attempt }, notBefore.getTime() - Date.now());
  }
}
