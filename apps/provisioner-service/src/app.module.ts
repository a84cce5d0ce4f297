import { ClusterProviders } from '@godwit/cloud/cluster-providers';
import { QUEUES } from '@godwit/contracts/queues';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { StepKitModule } from '@godwit/step-kit/step-kit.module';
import { StepRunner } from '@godwit/step-kit/step-runner';
import { type DynamicModule, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CloudAccess } from './cloud-access.ts';
import { CloudAccountsController } from './cloud-accounts.controller.ts';
import { CredentialsRenewer } from './credentials-renewer.ts';
import { DeleteClusterHandler } from './delete-cluster.handler.ts';
import { ProviderObserver } from './provider-observer.ts';
import { ProvisionClusterHandler } from './provision-cluster.handler.ts';

/** Creations take many minutes, nearly all of them waiting. */
const STEPS_AT_ONCE = 32;

/** The only service that acts in clouds: it creates, reaches and deletes the clusters of runs. */
@Module({})
export class AppModule implements OnApplicationBootstrap {
  constructor(
    private readonly runner: StepRunner,
    private readonly provision: ProvisionClusterHandler,
    private readonly deletion: DeleteClusterHandler,
  ) {}

  static register(config: ServiceConfig, providers = new ClusterProviders()): DynamicModule {
    return {
      module: AppModule,
      imports: [StepKitModule.register(config)],
      controllers: [CloudAccountsController],
      providers: [
        { provide: ClusterProviders, useValue: providers },
        CloudAccess,
        CredentialsRenewer,
        ProviderObserver,
        ProvisionClusterHandler,
        DeleteClusterHandler,
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.runner.start([
      {
        queue: QUEUES.provision,
        concurrency: STEPS_AT_ONCE,
        handlers: {
          'provision-cluster': (context) => this.provision.handle(context),
          'delete-cluster': (context) => this.deletion.handle(context),
        },
      },
    ]);
  }
}
