import { FatalError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { RunStore } from '@godwit/db/run-store';
import { discover } from '@godwit/kube/discovery';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { transformContext } from '@godwit/transforms/transform-context';
import { Injectable } from '@nestjs/common';
import { Outcomes } from '../apply/outcomes.ts';
import { describeCounts, Story } from '../apply/story.ts';
import { CapturedResources } from '../archive/captured-resources.ts';
import { ExistingObjects } from './existing-objects.ts';
import { PlanTiers } from './plan-tiers.ts';

/** Tells what a migration would do to each object on the destination, and changes nothing there. */
@Injectable()
export class PlanResourcesHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly runObjects: RunObjectStore,
    private readonly clusters: ClusterConnections,
    private readonly captured: CapturedResources,
    private readonly log: RunLog,
  ) {}

  async handle({ step, signal }: StepContext): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    if (!run.destinationClusterId) throw new FatalError('NoDestination', 'the run has no destination cluster yet');
    const client = await this.clusters.get(run.destinationClusterId);
    const [discovery, earlier] = await Promise.all([discover(client, signal), this.runObjects.countByOutcome(run.id)]);
    const { transforms } = run.definition;
    const tell = (findings: readonly Finding[]) => this.log.findings(step, findings);
    const outcomes = new Outcomes(this.runObjects, run.id, tell, Object.keys(earlier).length > 0);
    const story = new Story();

    await this.captured.read(run, signal, async (captured) => {
      const { namespaces } = captured;
      const existing = await ExistingObjects.in(client, Object.values(namespaces), signal);
      const context = { client, existing, runId: run.id, overwrite: transforms.overwriteExisting, signal };
      const facts = { runId: run.id, namespaces, types: discovery.preferred };
      const plan = new PlanTiers(context, discovery, transformContext(transforms, facts), outcomes, story);
      try {
        await plan.all(captured);
      } finally {
        await outcomes.flush();
      }
      await tell(plan.findings);
    });

    await this.log.info(step, `Planned: ${describeCounts(await this.runObjects.countByOutcome(run.id))}`);
    for (const { level, message } of story.lines()) {
      await (level === 'info' ? this.log.info(step, message) : this.log.warn(step, message));
    }
    return undefined;
  }
}
