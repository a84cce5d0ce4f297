import { ClusterProviders } from '@godwit/cloud/cluster-providers';
import { QUEUES } from '@godwit/contracts/queues';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { StepKitModule } from '@godwit/step-kit/step-kit.module';
import { StepRunner } from '@godwit/step-kit/step-runner';
import { type DynamicModule, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { ProvisionClusterHandler } from './provision-cluster.handler.ts';

/** Creations take many minutes, nearly all of them waiting. */
const STEPS_AT_ONCE = 32;

@Module({})
export class AppModule implements OnApplicationBootstrap {
  constructor(
    private readonly runner: StepRunner,
    private readonly provision: ProvisionClusterHandler,
  ) {}

  static register(config: ServiceConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [StepKitModule.register(config)],
      providers: [{ provide: ClusterProviders, useValue: new ClusterProviders([]) }, ProvisionClusterHandler],
    };
  }

  onApplicationBootstrap(): void {
    const handlers = {
      'provision-cluster': (context: Parameters<ProvisionClusterHandler['handle']>[0]) => this.provision.handle(context),
    };
    this.runner.start([{ queue: QUEUES.provision, concurrency: STEPS_AT_ONCE, handlers }]);
  }
}
