import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { Global, Module } from '@nestjs/common';
import { AdvanceStore } from './advance-store.ts';
import { ApiKeyStore } from './api-key-store.ts';
import { AppHookStore } from './app-hook-store.ts';
import { CloudAccountStore } from './cloud-account-store.ts';
import { ClusterLock } from './cluster-lock.ts';
import { ClusterStore } from './cluster-store.ts';
import { CreatedClusterStore } from './created-cluster-store.ts';
import { IdempotencyStore } from './idempotency-store.ts';
import { MigrationStore } from './migration-store.ts';
import { ObjectStoreStore } from './object-store-store.ts';
import { OrganisationStore } from './organisation-store.ts';
import { PostgresStepLedger } from './postgres-step-ledger.ts';
import { PrismaService } from './prisma.service.ts';
import { RunArchiveStore } from './run-archive-store.ts';
import { RunControlStore } from './run-control-store.ts';
import { RunEventStore } from './run-event-store.ts';
import { RunObjectStore } from './run-object-store.ts';
import { RunOverviewStore } from './run-overview-store.ts';
import { RunQueueStore } from './run-queue-store.ts';
import { RunSampleStore } from './run-sample-store.ts';
import { RunStore } from './run-store.ts';
import { ScheduleStore } from './schedule-store.ts';
import { SettingsStore } from './settings-store.ts';
import { StagedVolumeStore } from './staged-volume-store.ts';
import { StepWaitingStore } from './step-waiting-store.ts';
import { TransferHistoryStore } from './transfer-history-store.ts';
import { VolumeStore } from './volume-store.ts';
import { WebhookDeliveryStore } from './webhook-delivery-store.ts';
import { WebhookStore } from './webhook-store.ts';

const STORES = [
  ClusterLock,
  AdvanceStore,
  OrganisationStore,
  ClusterStore,
  CloudAccountStore,
  CreatedClusterStore,
  ObjectStoreStore,
  MigrationStore,
  ApiKeyStore,
  AppHookStore,
  IdempotencyStore,
  RunStore,
  RunControlStore,
  RunArchiveStore,
  SettingsStore,
  RunEventStore,
  RunObjectStore,
  RunOverviewStore,
  RunSampleStore,
  RunQueueStore,
  ScheduleStore,
  VolumeStore,
  StagedVolumeStore,
  WebhookStore,
  WebhookDeliveryStore,
  TransferHistoryStore,
  StepWaitingStore,
  PostgresStepLedger,
];

@Global()
@Module({
  providers: [
    {
      provide: PrismaService,
      inject: [SERVICE_CONFIG],
      useFactory: (config: ServiceConfig) => new PrismaService(config.databaseUrl),
    },
    ...STORES,
  ],
  exports: [PrismaService, ...STORES],
})
export class DbModule {}
