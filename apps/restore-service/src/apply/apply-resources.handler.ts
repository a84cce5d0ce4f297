import { FatalError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { RestoreOutput } from '@godwit/contracts/step-outputs';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { RunStore } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { discover } from '@godwit/kube/discovery';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { transformContext } from '@godwit/transforms/transform-context';
import { Injectable } from '@nestjs/common';
import { CapturedResources } from '../archive/captured-resources.ts';
import { applyCaptured } from './apply-captured.ts';
import type { ApplyContext } from './apply-object.ts';
import { type MovedClaims, movedClaims } from './moved-claims.ts';
import { Outcomes } from './outcomes.ts';
import { describeCounts, Story } from './story.ts';

/** Lays the captured objects down on the destination, tier by tier, and hands the filled volumes over to their claims. */
@Injectable()
export class ApplyResourcesHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly runObjects: RunObjectStore,
    private readonly clusters: ClusterConnections,
    private readonly captured: CapturedResources,
    private readonly log: RunLog,
  ) {}

  async handle({ step, signal }: StepContext): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    if (!run.destinationClusterId) throw new FatalError('NoDestination', 'the run has no destination cluster yet');
    const client = await this.clusters.get(run.destinationClusterId);
    const [discovery, moved, earlier] = await Promise.all([
      discover(client, signal),
      this.movedClaims(run.id),
      this.runObjects.countByOutcome(run.id),
    ]);
    const { transforms } = run.definition;
    const context: ApplyContext = { client, runId: run.id, overwrite: transforms.overwriteExisting, signal };
    const tell = (findings: readonly Finding[]) => this.log.findings(step, findings);
    const outcomes = new Outcomes(this.runObjects, run.id, tell, Object.keys(earlier).length > 0);
    const story = new Story();
    const { leftOut } = await this.captured.read(run, signal, (captured) => {
      const facts = { runId: run.id, namespaces: captured.namespaces, types: discovery.preferred };
      const options = { context, transforms: transformContext(transforms, facts), discovery, moved, outcomes, story, tell };
      return applyCaptured(captured, options);
    });
    await this.tellStory(step, story, leftOut);
    return undefined;
  }

  private async movedClaims(runId: string): Promise<MovedClaims> {
    const volumes = await this.volumes.list(runId);
    const outputs = new Map<string, RestoreOutput>();
    for (const { id } of volumes) {
      const output = await this.runs.stepOutput<RestoreOutput>(runId, 'restore-volume', id);
      if (output) outputs.set(id, output);
    }
    return movedClaims(volumes, outputs);
  }

  private async tellStory(step: ClaimedStep, story: Story, leftOut: number): Promise<void> {
    const counts = describeCounts(await this.runObjects.countByOutcome(step.runId));
    await this.log.info(step, leftOut > 0 ? `${counts}; ${leftOut} of the source's have no place on the destination` : counts);
    for (const { level, message } of story.lines()) {
      await (level === 'info' ? this.log.info(step, message) : this.log.warn(step, message));
    }
  }
}
