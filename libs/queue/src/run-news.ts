import { RUN_NEWS_CHANNEL } from '@godwit/contracts/queues';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { RedisService } from './redis.ts';

/** Tells readers of a run that there is something new in Postgres; carries the run's id and no more. */
@Injectable()
export class RunNews implements OnModuleDestroy {
  private readonly logger = new Logger('run-news');
  private readonly listeners = new Map<string, Set<() => void>>();
  private subscriber?: Redis;

  constructor(private readonly redis: RedisService) {}

  /** Never fails, nor waits for a Redis that is away: readers also look by themselves now and then. */
  async tell(runId: string): Promise<void> {
    if (!this.redis.isThere) return;
    await this.redis.client.publish(RUN_NEWS_CHANNEL, runId).catch(() => {});
  }

  /** @returns ends the listening */
  listen(runId: string, listener: () => void): () => void {
    this.subscribe();
    const listeners = this.listeners.get(runId) ?? new Set();
    this.listeners.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(runId);
    };
  }

  onModuleDestroy(): void {
    this.subscriber?.disconnect();
  }

  private subscribe(): void {
    if (this.subscriber) return;
    this.subscriber = this.redis.client.duplicate();
    this.subscriber.on('error', () => {}); // reconnects and subscribes again by itself
    this.subscriber.on('message', (_channel, runId: string) => {
      for (const listener of this.listeners.get(runId) ?? []) listener();
    });
    this.subscriber.subscribe(RUN_NEWS_CHANNEL).catch((error: Error) => this.logger.warn(`cannot subscribe: ${error.message}`));
  }
}
