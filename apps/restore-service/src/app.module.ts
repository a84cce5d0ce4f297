import type { ServiceConfig } from '@godwit/service-kit/config';
import { StepKitModule } from '@godwit/step-kit/step-kit.module';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApplyResourcesHandler } from './apply/apply-resources.handler.ts';
import { CapturedResources } from './archive/captured-resources.ts';
import { DestinationHooksHandler } from './hooks/destination-hooks.handler.ts';
import { PlanResourcesHandler } from './preview/plan-resources.handler.ts';
import { RESTORE_CONFIG, type RestoreConfig } from './restore-config.ts';
import { RestoreSteps } from './restore-steps.ts';
import { RollBackHandler } from './rollback/roll-back.handler.ts';
import { VerifyHandler } from './verify/verify.handler.ts';

/** The destination side: lays the captured objects down there and checks that what was promised is there. */
@Module({})
export class AppModule {
  static register(config: ServiceConfig, restoreConfig: RestoreConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [StepKitModule.register(config)],
      providers: [
        { provide: RESTORE_CONFIG, useValue: restoreConfig },
        CapturedResources,
        ApplyResourcesHandler,
        DestinationHooksHandler,
        PlanResourcesHandler,
        RollBackHandler,
        VerifyHandler,
        RestoreSteps,
      ],
    };
  }
}
