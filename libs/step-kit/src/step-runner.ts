import type { StepQueueName } from '@godwit/contracts/queues';
import type { StepName } from '@godwit/contracts/run';
import { PostgresStepLedger } from '@godwit/db/postgres-step-ledger';
import { RunEventStore } from '@godwit/db/run-event-store';
import type { ClaimedStep, StepEnd } from '@godwit/pipeline/step-ledger';
import { Doorbell } from '@godwit/queue/doorbell';
import { RedisService } from '@godwit/queue/redis';
import { RunNews } from '@godwit/queue/run-news';
import { type StepHandler, type StepStopper, StepWorker } from '@godwit/queue/step-worker';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

export interface StepQueue {
  queue: StepQueueName;
  concurrency: number;
  handlers: Partial<Record<StepName, StepHandler>>;
  stoppers?: Partial<Record<StepName, StepStopper>>;
}

/** Runs a service's workers. */
@Injectable()
export class StepRunner implements OnApplicationShutdown {
  private readonly logger = new Logger('steps');
  private workers: StepWorker[] = [];

  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
    private readonly ledger: PostgresStepLedger,
    private readonly redis: RedisService,
    private readonly doorbell: Doorbell,
    private readonly news: RunNews,
    private readonly events: RunEventStore,
  ) {}

  start(queues: readonly StepQueue[]): void {
    const { ledger, redis } = this;
    const { workerName } = this.config;
    this.workers = queues.map(
      (queue) =>
        new StepWorker({
          ...queue,
          workerName,
          ledger,
          redis,
          onEnd: (step, end) => this.ended(step, end),
          onError: (error) => this.logger.warn((error as Error).message),
        }),
    );
  }

  /** What runs is given back, for others to take. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }

  private async ended(step: ClaimedStep, end: StepEnd | undefined): Promise<void> {
    if (end?.error && end.state !== 'Cancelled') {
      const { message, cure } = end.error;
      await this.events.append(step.runId, {
        level: end.state === 'Skipped' ? 'info' : 'warning',
        step: step.name,
        item: step.item,
        message: [message, cure].filter(Boolean).join('. '),
        data: end.error,
      });
    }
    // A bell that is not heard is rung again by the sweeper: the ledger has noted that the run may go on.
    await this.doorbell.ringAdvance(step.runId).catch((error: Error) => this.logger.warn(`cannot ring: ${error.message}`));
    await this.news.tell(step.runId);
  }
}
