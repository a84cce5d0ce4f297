import { QUEUES } from '@godwit/contracts/queues';
import { StepRunner } from '@godwit/step-kit/step-runner';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ApplyResourcesHandler } from './apply/apply-resources.handler.ts';
import { DestinationHooksHandler } from './hooks/destination-hooks.handler.ts';
import { PlanResourcesHandler } from './preview/plan-resources.handler.ts';
import { RollBackHandler } from './rollback/roll-back.handler.ts';
import { VerifyHandler } from './verify/verify.handler.ts';

/** Runs at once, in one process. Most of their time is spent on waiting for an API server. */
const CONCURRENCY = 8;

/** Takes the steps of the destination side from their queue. */
@Injectable()
export class RestoreSteps implements OnApplicationBootstrap {
  constructor(
    private readonly runner: StepRunner,
    private readonly apply: ApplyResourcesHandler,
    private readonly hooks: DestinationHooksHandler,
    private readonly plan: PlanResourcesHandler,
    private readonly rollback: RollBackHandler,
    private readonly verify: VerifyHandler,
  ) {}

  onApplicationBootstrap(): void {
    this.runner.start([
      {
        queue: QUEUES.apply,
        concurrency: CONCURRENCY,
        handlers: {
          'apply-resources': (context) => this.apply.handle(context),
          'destination-hooks': (context) => this.hooks.handle(context),
          'plan-resources': (context) => this.plan.handle(context),
          'roll-back': (context) => this.rollback.handle(context),
          verify: (context) => this.verify.handle(context),
        },
      },
    ]);
  }
}
