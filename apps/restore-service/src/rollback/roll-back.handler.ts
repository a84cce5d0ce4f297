import { FatalError } from '@godwit/contracts/errors';
import { type RunObject, RunObjectStore } from '@godwit/db/run-object-store';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { discover } from '@godwit/kube/discovery';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { deleteCreated, type KeepBecause } from './delete-created.ts';
import { awaitFreedVolumes } from './freed-volumes.ts';
import { keepDefinition } from './keep-definition.ts';
import { keepNamespace } from './keep-namespace.ts';
import { restoreChanged } from './restore-changed.ts';
import type { RollbackContext } from './rollback-context.ts';
import { ROLLBACK_ORDER, typesByTier } from './rollback-order.ts';
import { RollbackOutcomes } from './rollback-outcomes.ts';
import { type RunRecords, readRecords, recordKey } from './run-records.ts';
import { describeRollback, leftFinding, rollbackIncomplete } from './story.ts';

/**
 * Takes back what a migration did on the destination: deletes what it created and puts back what it changed, in the reverse
 * order. It looks at what is there and goes on from that, so that it may be cut off anywhere and begin again.
 */
@Injectable()
export class RollBackHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly runObjects: RunObjectStore,
    private readonly clusters: ClusterConnections,
    private readonly log: RunLog,
  ) {}

  /** @throws FatalError `RollbackIncomplete` that names what is not gone or not as before */
  async handle({ step, signal }: StepContext): Promise<undefined> {
    const rollback = await this.runs.get(step.runId);
    const { rollbackOfId, destinationClusterId } = rollback;
    if (!rollbackOfId || !destinationClusterId) throw new FatalError('NothingToRollBack', 'the run has no run to take back');
    const [run, client, records, met] = await Promise.all([
      this.runs.get(rollbackOfId),
      this.clusters.get(destinationClusterId),
      readRecords(this.runObjects, rollbackOfId),
      this.runObjects.metByOthers(rollbackOfId),
    ]);
    const outcomes = new RollbackOutcomes(this.runObjects, rollback.id);
    const discovery = await discover(client, signal);
    const metByOthers = new Map(met.map((object) => [recordKey(object), object]));
    const context: RollbackContext = { client, discovery, runId: run.id, metByOthers, outcomes, signal };
    await this.takeBack(context, records, await this.appliedUntil(run));

    await this.log.info(step, describeRollback(outcomes.counts, await this.volumesOf(run.id, outcomes.claims)));
    const claims = new Set(outcomes.claims.flatMap(({ uid }) => uid ?? []));
    await this.log.findings(step, await awaitFreedVolumes(client, claims, signal));
    await this.log.findings(
      step,
      [...outcomes.left, ...outcomes.failed].map((row) => leftFinding(client.clusterName, row)),
    );
    if (outcomes.failed.length > 0) throw rollbackIncomplete(client.clusterName, outcomes.failed);
    return undefined;
  }

  private async takeBack(context: RollbackContext, records: RunRecords, appliedUntil: Date): Promise<void> {
    const types = typesByTier(context.discovery.preferred);
    const keepBecause: Partial<Record<string, KeepBecause>> = {
      namespaces: (_type, { metadata }) => keepNamespace(context, metadata.name, records.createdUids),
      'custom-resource-definitions': (_type, { metadata }) => keepDefinition(context, metadata.name),
    };
    try {
      for (const tier of ROLLBACK_ORDER) {
        await restoreChanged(context, this.runObjects, records.changed(tier), appliedUntil);
        await deleteCreated(context, types.get(tier) ?? [], records.created(tier), keepBecause[tier]);
      }
    } finally {
      await context.outcomes.flush();
    }
  }

  /** What the API server notes as written after that was not written by the run. */
  private async appliedUntil(run: StoredRun): Promise<Date> {
    const steps = await this.runs.steps(run.id);
    const apply = steps.find(({ name }) => name === 'apply-resources');
    return apply?.finishedAt ?? run.finishedAt ?? new Date();
  }

  /** @returns how many of the moved volumes went with their claims, and what was in them */
  private async volumesOf(runId: string, claims: readonly RunObject[]): Promise<{ count: number; bytes: number }> {
    const gone = new Set(claims.map(({ namespace, name }) => `${namespace}/${name}`));
    const volumes = await this.volumes.list(runId);
    const filled = volumes.filter(({ targetNamespace, name, restore }) => restore && gone.has(`${targetNamespace}/${name}`));
    return { count: claims.length, bytes: filled.reduce((sum, { restore }) => sum + (restore?.bytesDone ?? 0), 0) };
  }
}
