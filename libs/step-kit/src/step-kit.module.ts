import { DbModule } from '@godwit/db/db.module';
import { PrismaService } from '@godwit/db/prisma.service';
import { QueueModule } from '@godwit/queue/queue.module';
import { RedisService } from '@godwit/queue/redis';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { HealthModule } from '@godwit/service-kit/health';
import { KitModule } from '@godwit/service-kit/kit.module';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ArchiveAccess } from './archive-access.ts';
import { ClusterConnections } from './cluster-connections.ts';
import { RunLog } from './run-log.ts';
import { StepRunner } from './step-runner.ts';

const PROVIDERS = [ArchiveAccess, ClusterConnections, RunLog, StepRunner];

/** All that a service which does steps has in common with the others. */
@Global()
@Module({})
export class StepKitModule {
  static register(config: ServiceConfig): DynamicModule {
    return {
      module: StepKitModule,
      imports: [KitModule.register(config), DbModule, QueueModule, HealthModule.register([PrismaService, RedisService])],
      providers: PROVIDERS,
      exports: PROVIDERS,
    };
  }
}
