import { DeclinedError } from '@godwit/contracts/errors';
import { describeObject, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { PreflightOutput } from '@godwit/contracts/step-outputs';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { discover } from '@godwit/kube/discovery';
import { listAll } from '@godwit/kube/list-all';
import type { StepContext } from '@godwit/queue/step-worker';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { isQuiescedBy, resumePatch } from '@godwit/transforms/quiesce';
import { Injectable } from '@nestjs/common';
import { patchWorkloads } from './patch-workloads.ts';
import { describeSome } from './story.ts';
import { workloadTypes } from './workload-types.ts';

/**
 * Lets what a cut-over stopped go on as it was: of a cut-over that does not succeed, and of one that is rolled back. What
 * another run has stopped stays so.
 */
@Injectable()
export class ResumeSourceHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly clusters: ClusterConnections,
    private readonly log: RunLog,
  ) {}

  /** @throws DeclinedError if the source was not stopped */
  async handle({ step, signal }: StepContext): Promise<undefined> {
    const own = await this.runs.get(step.runId);
    const run = own.rollbackOfId ? await this.runs.get(own.rollbackOfId) : own;
    const preflight = await this.runs.stepOutput<PreflightOutput>(run.id, 'preflight');
    if (!run.quiescedAt || !preflight) throw new DeclinedError('SourceNotStopped', 'The source was not stopped by the run');
    const client = await this.clusters.get(run.sourceClusterId);
    const types = workloadTypes(await discover(client, signal));
    const lists = await Promise.all(
      types.flatMap((type) =>
        Object.keys(preflight.namespaces).map((namespace) => listAll<KubernetesObject>(client, type, { namespace, signal })),
      ),
    );
    const resumed = lists.flat().flatMap((object) => {
      const patch = isQuiescedBy(object, run.id) ? resumePatch(object) : undefined;
      return patch ? [{ object, patch }] : [];
    });
    // What others talk to first.
    await patchWorkloads(client, types.toReversed(), resumed, signal);
    const names = resumed.map(({ object }) => describeObject(object));
    await this.log.info(
      step,
      names.length > 0
        ? `Started again on cluster "${client.clusterName}", as it was before: ${describeSome(names)}`
        : `Nothing is stopped any more on cluster "${client.clusterName}"`,
      { resumed: names },
    );
    if (own.id === run.id && (await this.hasApplied(run))) {
      await this.log.warn(
        step,
        'The run had begun to apply objects to the destination, so that the application may run on both clusters: roll this run ' +
          'back to take them away',
      );
    }
    return undefined;
  }

  private async hasApplied({ id }: StoredRun): Promise<boolean> {
    return (await this.runs.steps(id)).some(({ name, startedAt }) => name === 'apply-resources' && startedAt !== null);
  }
}
