import { type AdvanceMessage, QUEUES } from '@godwit/contracts/queues';
import { Worker } from 'bullmq';
import type { RedisService } from './redis.ts';

export interface AdvanceWorkerOptions {
  redis: RedisService;
  concurrency: number;
  advance(runId: string): Promise<void>;
  onError(error: unknown): void;
}

/** Hears that runs may go on. */
export class AdvanceWorker {
  private readonly worker: Worker<AdvanceMessage>;

  constructor(options: AdvanceWorkerOptions) {
    this.worker = new Worker<AdvanceMessage>(QUEUES.advance, (message) => options.advance(message.data.runId), {
      connection: options.redis.client,
      concurrency: options.concurrency,
      maxStalledCount: 0,
    });
    this.worker.on('error', options.onError);
    this.worker.on('failed', (_message, error) => options.onError(error));
  }

  async stop(): Promise<void> {
    await this.worker.close();
  }
}
