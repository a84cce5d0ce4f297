import { QUEUES } from '@godwit/contracts/queues';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { StepKitModule } from '@godwit/step-kit/step-kit.module';
import { StepRunner } from '@godwit/step-kit/step-runner';
import { type DynamicModule, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CopyVolumeHandler } from './copy/copy-volume.handler.ts';
import { StopTransfer } from './mover/stop-transfer.ts';
import { StreamOrders } from './mover/stream-orders.ts';
import { VolumeTransfer } from './mover/volume-transfer.ts';
import { RestoreStaged } from './restore/restore-staged.ts';
import { RestoreVolumeHandler } from './restore/restore-volume.handler.ts';
import { TestObjectStoreController } from './test-store/test-object-store.controller.ts';

/** One worker for each volume in flight, on either side; capacity grows by adding replicas. */
@Module({})
export class AppModule implements OnApplicationBootstrap {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
    private readonly runner: StepRunner,
    private readonly copy: CopyVolumeHandler,
    private readonly restore: RestoreVolumeHandler,
    private readonly transfers: StopTransfer,
  ) {}

  static register(config: ServiceConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [StepKitModule.register(config)],
      controllers: [TestObjectStoreController],
      providers: [StreamOrders, StopTransfer, VolumeTransfer, CopyVolumeHandler, RestoreStaged, RestoreVolumeHandler],
    };
  }

  onApplicationBootstrap(): void {
    const concurrency = this.config.streamWorkers;
    this.runner.start([
      {
        queue: QUEUES.copy,
        concurrency,
        handlers: { 'copy-volume': (context) => this.copy.handle(context) },
        stoppers: { 'copy-volume': (step) => this.transfers.stop(step, 'copy') },
      },
      {
        queue: QUEUES.restore,
        concurrency,
        handlers: { 'restore-volume': (context) => this.restore.handle(context) },
        stoppers: { 'restore-volume': (step) => this.transfers.stop(step, 'restore') },
      },
    ]);
  }
}
