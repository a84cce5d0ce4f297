import { QUEUES, type ScheduleMessage } from '@godwit/contracts/queues';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Queue, Worker } from 'bullmq';
import { RedisService } from './redis.ts';

export interface Bell {
  id: string;
  /** Cron expression. */
  schedule: string;
  /** IANA name. */
  timeZone: string;
}

const MESSAGE_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/** Rings when the time of a schedule has come. Redis may lose all of it: whether a time has come, Postgres knows. */
@Injectable()
export class ScheduleBell implements OnModuleDestroy {
  private queue?: Queue;
  private worker?: Worker<ScheduleMessage>;

  constructor(private readonly redis: RedisService) {}

  /** Makes the bells of Redis those that are to be there. */
  async setAll(bells: readonly Bell[]): Promise<void> {
    if (!this.redis.isThere) return;
    const queue = this.open();
    const there = new Map((await queue.getJobSchedulers()).map((bell) => [bell.key, bell]));
    for (const { id, schedule, timeZone } of bells) {
      const bell = there.get(id);
      there.delete(id);
      if (bell?.pattern === schedule && bell.tz === timeZone) continue;
      const message: ScheduleMessage = { scheduleId: id };
      await queue.upsertJobScheduler(
        id,
        { pattern: schedule, tz: timeZone },
        { name: 'schedule', data: message, opts: MESSAGE_OPTIONS },
      );
    }
    for (const id of there.keys()) await queue.removeJobScheduler(id);
  }

  listen(onRing: (scheduleId: string) => Promise<void>, onError: (error: unknown) => void): void {
    this.worker = new Worker<ScheduleMessage>(QUEUES.schedules, ({ data }) => onRing(data.scheduleId), {
      connection: this.redis.client,
      maxStalledCount: 0,
    });
    this.worker.on('error', onError);
    this.worker.on('failed', (_message, error) => onError(error));
  }

  async stop(): Promise<void> {
    await this.worker?.close();
  }

  async onModuleDestroy(): Promise<void> {
    await this.queue?.close();
  }

  private open(): Queue {
    if (!this.queue) {
      this.queue = new Queue(QUEUES.schedules, { connection: this.redis.client });
      this.queue.on('error', () => {}); // the bells are looked at again
    }
    return this.queue;
  }
}
