import type { RunLimits } from '@godwit/pipeline/admit-runs';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { RunAdmission } from './run-admission.ts';
import { RUN_LIMITS } from './run-limits.ts';

/** The queue of runs: whoever makes or ends one asks it. */
@Global()
@Module({})
export class RunQueueModule {
  static register(limits: RunLimits): DynamicModule {
    return {
      module: RunQueueModule,
      providers: [{ provide: RUN_LIMITS, useValue: limits }, RunAdmission],
      exports: [RUN_LIMITS, RunAdmission],
    };
  }
}
