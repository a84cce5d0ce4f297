import { FatalError } from '@godwit/contracts/errors';
import type { RestoreOutput } from '@godwit/contracts/step-outputs';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { RunStore } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { discover } from '@godwit/kube/discovery';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { APPLY_TIERS } from '@godwit/transforms/apply-tiers';
import { transformContext } from '@godwit/transforms/transform-context';
import { Injectable } from '@nestjs/common';
import { allTiers, CapturedResources } from '../archive/captured-resources.ts';
import type { ApplyContext } from './apply-object.ts';
import { giveOwners } from './give-owners.ts';
import { type MovedClaims, movedClaims } from './moved-claims.ts';
import { Outcomes } from './outcomes.ts';
import { planObjects } from './plan-objects.ts';
import { countOutcomes, tellOutcomes } from './story.ts';
import { TierApplier } from './tier-applier.ts';

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
    const discovery = await discover(client, signal);
    const [moved, earlier, plan] = await Promise.all([
      this.movedClaims(run.id),
      this.runObjects.list(run.id),
      this.captured.read(run, signal, (captured) => {
        const facts = { runId: run.id, namespaces: captured.namespaces, types: discovery.preferred };
        return planObjects(allTiers(captured), transformContext(run.definition.transforms, facts));
      }),
    ]);
    const outcomes = new Outcomes(this.runObjects, run.id, earlier);
    if (!outcomes.resumed) await this.log.findings(step, plan.findings);

    const { overwriteExisting: overwrite } = run.definition.transforms;
    const context: ApplyContext = { client, runId: run.id, overwrite, signal };
    const applier = new TierApplier(context, discovery, moved, outcomes);
    try {
      for (const [index, tier] of APPLY_TIERS.entries()) await applier.apply(tier, plan.tiers[index]!);
    } finally {
      await outcomes.flush();
    }
    await this.log.findings(step, await giveOwners(context, applier.served, applier.landed));
    await this.tell(step, outcomes, plan.leftOut, applier.warnings);
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

  private async tell(
    step: ClaimedStep,
    outcomes: Outcomes,
    leftOut: number,
    warnings: readonly { object: string; reason: string }[],
  ): Promise<void> {
    const objects = outcomes.list();
    const left = leftOut > 0 ? `; ${leftOut} of the source's have no place on the destination` : '';
    await this.log.info(step, `${countOutcomes(objects)}${left}`);
    for (const { level, message } of tellOutcomes(objects)) {
      await (level === 'info' ? this.log.info(step, message) : this.log.warn(step, message));
    }
    for (const { object, reason } of warnings) await this.log.warn(step, `${object}: ${reason}`);
  }
}
