import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { Global, Module } from '@nestjs/common';
import { Doorbell } from './doorbell.ts';
import { RedisService } from './redis.ts';
import { RunNews } from './run-news.ts';
import { ScheduleBell } from './schedule-bell.ts';

@Global()
@Module({
  providers: [
    {
      provide: RedisService,
      inject: [SERVICE_CONFIG],
      useFactory: async (config: ServiceConfig) => {
        const redis = new RedisService(config.redisUrl);
        await redis.refuseEviction();
        return redis;
      },
    },
    Doorbell,
    RunNews,
    ScheduleBell,
  ],
  exports: [RedisService, Doorbell, RunNews, ScheduleBell],
})
export class QueueModule {}
