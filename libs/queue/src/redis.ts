import type { HealthProbe } from '@godwit/service-kit/health';
import { redisOptions } from '@godwit/service-kit/redis-options';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Redis } from 'ioredis';

/** The connection to Redis: a doorbell, which may lose all it has at any time. */
@Injectable()
export class RedisService implements OnModuleDestroy, HealthProbe {
  readonly name = 'redis';
  readonly client: Redis;

  constructor(url: string) {
    // Workers block on the connection: BullMQ wants no limit of retries.
    this.client = new Redis({ ...redisOptions(url), maxRetriesPerRequest: null, enableReadyCheck: true });
    this.client.on('error', () => {}); // reconnects by itself; the health probe tells of it
  }

  /** Else a command would wait until it is. */
  get isThere(): boolean {
    return this.client.status === 'ready';
  }

  async check(): Promise<void> {
    if (!this.isThere) throw new Error(`redis is not connected (${this.client.status})`);
    await this.client.ping();
  }

  /** @throws Error if Redis may throw messages away: a service must not start then */
  async refuseEviction(): Promise<void> {
    // Not CONFIG GET: managed Redis services forbid it.
    const policy = /^maxmemory_policy:(\S+)/m.exec(await this.client.info('memory'))?.[1];
    if (policy !== 'noeviction') {
      throw new Error(
        `Redis has maxmemory-policy "${policy ?? 'unknown'}" and may throw queue messages away: set it to noeviction`,
      );
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.client.disconnect();
  }
}
