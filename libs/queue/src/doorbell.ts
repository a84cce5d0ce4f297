import { type AdvanceMessage, QUEUES, type QueueName, type StepMessage, type StepQueueName } from '@godwit/contracts/queues';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Queue } from 'bullmq';
import { RedisService } from './redis.ts';

/** What stands in the queue is only that there is something to do; Postgres knows what. So nothing is kept of it. */
const MESSAGE_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/**
 * Rings the bells of the workers. While Redis is away it does not ring, and does not wait either: the sweeper rings again
 * whatever was not heard.
 */
@Injectable()
export class Doorbell implements OnModuleDestroy {
  private readonly queues = new Map<QueueName, Queue>();

  constructor(private readonly redis: RedisService) {}

  /** Ringing twice for the same attempt is heard once. `delayMs`: not before so many milliseconds. */
  async ringStep(queue: StepQueueName, message: StepMessage, delayMs = 0): Promise<void> {
    if (!this.redis.isThere) return;
    const jobId = `${message.stepId}-${message.attempt}`;
    await this.queue(queue).add('step', message, { ...MESSAGE_OPTIONS, jobId, delay: Math.max(0, delayMs) });
  }

  /** A run may go on. Not deduplicated: a bell that rings while advance runs must not be lost. */
  async ringAdvance(runId: string): Promise<void> {
    if (!this.redis.isThere) return;
    const message: AdvanceMessage = { runId };
    await this.queue(QUEUES.advance).add('advance', message, MESSAGE_OPTIONS);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: QueueName): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, { connection: this.redis.client });
      queue.on('error', () => {}); // the sweeper rings again
      this.queues.set(name, queue);
    }
    return queue;
  }
}
