import { QUEUES } from '@godwit/contracts/queues';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { StepKitModule } from '@godwit/step-kit/step-kit.module';
import { StepRunner } from '@godwit/step-kit/step-runner';
import { type DynamicModule, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { CaptureResourcesHandler } from './capture/capture-resources.handler.ts';
import { ArchiveSweeper } from './cleanup/archive-sweeper.ts';
import { CleanupHandler } from './cleanup/cleanup.handler.ts';
import { EndArchive } from './cleanup/end-archive.ts';
import { Workspace } from './cleanup/workspace.ts';
import { MatchHookPodsController } from './hooks/match-hook-pods.controller.ts';
import { SourceHooksHandler } from './hooks/source-hooks.handler.ts';
import { InspectClusterController } from './inspect/inspect-cluster.controller.ts';
import { OfferController } from './inspect/offer.controller.ts';
import { PreflightHandler } from './preflight/preflight.handler.ts';
import { PreflightSource } from './preflight/preflight-source.ts';
import { StagingPlanner } from './preflight/staging-planner.ts';
import { QuiesceSourceHandler } from './quiesce/quiesce-source.handler.ts';
import { ResumeSourceHandler } from './quiesce/resume-source.handler.ts';
import { SnapshotVolumeHandler } from './snapshot/snapshot-volume.handler.ts';
import { DiscardStagingHandler } from './staging/discard-staging.handler.ts';
import { Staging } from './staging/staging.ts';

/** These steps mostly wait for API servers. */
const STEPS_AT_ONCE = 16;

/** The source side: inspection, preflight, hooks, capture, snapshots and their exposure; and the cleanup of both sides. */
@Module({})
export class AppModule implements OnApplicationBootstrap {
  constructor(
    private readonly runner: StepRunner,
    private readonly preflight: PreflightHandler,
    private readonly capture: CaptureResourcesHandler,
    private readonly hooks: SourceHooksHandler,
    private readonly snapshot: SnapshotVolumeHandler,
    private readonly quiesce: QuiesceSourceHandler,
    private readonly resume: ResumeSourceHandler,
    private readonly discard: DiscardStagingHandler,
    private readonly cleanup: CleanupHandler,
  ) {}

  static register(config: ServiceConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [StepKitModule.register(config)],
      controllers: [InspectClusterController, OfferController, MatchHookPodsController],
      providers: [
        PreflightSource,
        PreflightHandler,
        StagingPlanner,
        CaptureResourcesHandler,
        SourceHooksHandler,
        SnapshotVolumeHandler,
        QuiesceSourceHandler,
        ResumeSourceHandler,
        EndArchive,
        Workspace,
        Staging,
        DiscardStagingHandler,
        CleanupHandler,
        ArchiveSweeper,
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.runner.start([
      {
        queue: QUEUES.snapshot,
        concurrency: STEPS_AT_ONCE,
        handlers: {
          preflight: (context) => this.preflight.handle(context),
          'check-destination': (context) => this.preflight.handle(context),
          'capture-resources': (context) => this.capture.handle(context),
          'pre-hooks': (context) => this.hooks.before(context),
          'post-hooks': (context) => this.hooks.after(context),
          'snapshot-volume': (context) => this.snapshot.handle(context),
          'quiesce-source': (context) => this.quiesce.handle(context),
          'resume-source': (context) => this.resume.handle(context),
          'discard-staging': (context) => this.discard.handle(context),
          cleanup: (context) => this.cleanup.handle(context),
        },
      },
    ]);
  }
}
