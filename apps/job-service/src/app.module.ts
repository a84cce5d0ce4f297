import { DbModule } from '@godwit/db/db.module';
import { PrismaService } from '@godwit/db/prisma.service';
import type { RunLimits } from '@godwit/pipeline/admit-runs';
import { QueueModule } from '@godwit/queue/queue.module';
import { RedisService } from '@godwit/queue/redis';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { HealthModule } from '@godwit/service-kit/health';
import { KitModule } from '@godwit/service-kit/kit.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { ACCESS_CONFIG, type AccessConfig } from './access/access-config.ts';
import { ApiKeysController } from './access/api-keys.controller.ts';
import { Authenticator } from './access/authenticator.ts';
import { SignInController } from './access/sign-in.controller.ts';
import { AdvanceModule } from './advance/advance.module.ts';
import { CallsModule } from './calls/calls.module.ts';
import { CloudAccountsController } from './cloud-accounts/cloud-accounts.controller.ts';
import { ClustersController } from './clusters/clusters.controller.ts';
import { AppHooksController } from './hooks/app-hooks.controller.ts';
import { IdempotencySweeper } from './http/idempotency-sweeper.ts';
import { OrganisationScope } from './http/organisation-scope.ts';
import { MigrationsController } from './migrations/migrations.controller.ts';
import { References } from './migrations/references.ts';
import { StagingController } from './migrations/staging.controller.ts';
import { StartRuns } from './migrations/start-runs.ts';
import { StorageReferences } from './migrations/storage-references.ts';
import { NOTIFICATIONS_CONFIG, type NotificationsConfig } from './notifications/notifications-config.ts';
import { WebhookDeliverer } from './notifications/webhook-deliverer.ts';
import { WebhooksController } from './notifications/webhooks.controller.ts';
import { ManagedStorageController } from './object-stores/managed-storage.controller.ts';
import { ObjectStoresController } from './object-stores/object-stores.controller.ts';
import { PreviewsController } from './previews/previews.controller.ts';
import { Previews } from './previews/previews.ts';
import { ReportsController } from './reports/reports.controller.ts';
import { Reports } from './reports/reports.ts';
import { RunQueueModule } from './run-queue/run-queue.module.ts';
import { Rollbacks } from './runs/rollbacks.ts';
import { RunArchiveController } from './runs/run-archive.controller.ts';
import { RunControlsController } from './runs/run-controls.controller.ts';
import { RunLogController } from './runs/run-log.controller.ts';
import { RunReader } from './runs/run-reader.ts';
import { RunStreamController } from './runs/run-stream.controller.ts';
import { RunsController } from './runs/runs.controller.ts';
import { ThroughputSampler } from './runs/throughput-sampler.ts';
import { Scheduler } from './schedules/scheduler.ts';
import { SchedulesController } from './schedules/schedules.controller.ts';
import { SettingsController } from './settings/settings.controller.ts';

@Module({})
export class AppModule {
  static register(
    config: ServiceConfig,
    access: AccessConfig,
    notifications: NotificationsConfig,
    limits: RunLimits,
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KitModule.register(config),
        DbModule,
        QueueModule,
        HealthModule.register([PrismaService, RedisService]),
        CallsModule.register(config),
        RunQueueModule.register(limits),
        AdvanceModule,
      ],
      controllers: [
        ClustersController,
        CloudAccountsController,
        ObjectStoresController,
        ManagedStorageController,
        AppHooksController,
        MigrationsController,
        StagingController,
        SchedulesController,
        PreviewsController,
        RunsController,
        RunLogController,
        ReportsController,
        RunControlsController,
        RunArchiveController,
        SettingsController,
        RunStreamController,
        WebhooksController,
        ApiKeysController,
        SignInController,
      ],
      providers: [
        { provide: NOTIFICATIONS_CONFIG, useValue: notifications },
        WebhookDeliverer,
        { provide: ACCESS_CONFIG, useValue: access },
        Authenticator,
        OrganisationScope,
        IdempotencySweeper,
        References,
        StorageReferences,
        StartRuns,
        Scheduler,
        Previews,
        Rollbacks,
        RunReader,
        Reports,
        ThroughputSampler,
      ],
    };
  }
}
