import { FatalError } from '@godwit/contracts/errors';
import { describeObject, groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { PreflightOutput } from '@godwit/contracts/step-outputs';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { discover } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { POD, type ResourceType } from '@godwit/kube/resource-type';
import type { StepContext } from '@godwit/queue/step-worker';
import { chooseObjects } from '@godwit/selection/choose-objects';
import { factsOf, type ObjectFacts } from '@godwit/selection/object-facts';
import { readSelection } from '@godwit/selection/selection-criteria';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { listObjects } from '../capture/list-objects.ts';
import { patchWorkloads } from './patch-workloads.ts';
import { planQuiesce, type QuiescePlan } from './plan-quiesce.ts';
import { describeSome } from './story.ts';
import { waitUntilStopped } from './wait-until-stopped.ts';
import { workloadTypes } from './workload-types.ts';

/**
 * Stops the selected workloads of the source (rule 23), so that its volumes do not change any more, and waits until their pods are
 * gone. What each had is noted on it; a worker that comes after goes on where this one was.
 */
@Injectable()
export class QuiesceSourceHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly log: RunLog,
  ) {}

  /** @throws FatalError `SourceNotStoppable`, most often before anything is stopped; `SourceStillRunning`, also of what others start again */
  async handle({ step, signal }: StepContext): Promise<undefined> {
    const run = await this.runs.get(step.runId);
    const preflight = await this.runs.stepOutput<PreflightOutput>(run.id, 'preflight');
    if (!preflight) throw new FatalError('PreflightMissing', 'the run has no result of preflight');
    const namespaces = Object.keys(preflight.namespaces);
    const client = await this.clusters.get(run.sourceClusterId);
    const types = workloadTypes(await discover(client, signal));
    const startedAt = Date.now();
    const timeoutMs = run.definition.copy.quiesceTimeoutSeconds * 1000;
    const stopped = new Set<string>();
    let plan = await this.plan(run, client, types, namespaces, signal);
    for (;;) {
      if (plan.unstoppable.length > 0) throw notStoppable(client, plan.unstoppable, stopped.size > 0);
      if (plan.stop.length === 0) break;
      const again = plan.stop.map(({ object }) => describeObject(object)).filter((name) => stopped.has(name));
      if (again.length > 0 && Date.now() - startedAt > timeoutMs) throw startedAgain(client, again, timeoutMs);
      await this.runs.noteQuiesced(run.id);
      await patchWorkloads(client, types, plan.stop, signal);
      for (const { object } of plan.stop) stopped.add(describeObject(object));
      // A CronJob may have made a Job, and a Deployment a ReplicaSet, after they were listed.
      plan = await this.plan(run, client, types, namespaces, signal);
    }
    await waitUntilStopped(client, namespaces, plan.mustGo, timeoutMs, signal);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    await this.log.info(
      step,
      stopped.size > 0
        ? `Stopped ${describeSome([...stopped])} on cluster "${client.clusterName}"; their pods were gone after ${seconds} s`
        : `Nothing of the selection runs on cluster "${client.clusterName}" that had to be stopped`,
      { stopped: [...stopped] },
    );
    if (plan.goOn.length > 0) {
      await this.log.warn(step, `Nothing that could be stopped makes these, so they go on: ${describeSome(plan.goOn)}`);
    }
    return undefined;
  }

  private async plan(
    run: StoredRun,
    source: KubeClient,
    types: readonly ResourceType[],
    namespaces: readonly string[],
    signal: AbortSignal,
  ): Promise<QuiescePlan> {
    const criteria = readSelection(run.definition.selection, namespaces);
    const [{ taken }, volumes] = await Promise.all([
      listObjects<{ facts: ObjectFacts; object: KubernetesObject }>({
        client: source,
        types: [...types, POD],
        criteria,
        stale: [],
        signal,
        take: async (type, objects) =>
          objects.map((object) => ({ object, facts: factsOf(object, criteria.selectsType(type), criteria) })),
      }),
      this.volumes.list(run.id),
    ]);
    const fateOf = chooseObjects(
      taken.map(({ facts }) => facts),
      criteria,
    );
    const captured = new Set(taken.filter(({ facts }) => fateOf(facts).capture).map(({ object }) => object));
    const objects = taken.map(({ object }) => object);
    const moved = volumes.filter(({ skipReason }) => !skipReason).map(({ namespace, name }) => `${namespace}/${name}`);
    const isPod = ({ kind, apiVersion }: KubernetesObject) => kind === 'Pod' && groupOf(apiVersion) === '';
    const pods = objects.filter(isPod);
    const workloads = objects.filter((object) => !isPod(object));
    return planQuiesce(workloads, pods, (object) => captured.has(object), new Set(moved), run.id);
  }
}

function startedAgain(client: KubeClient, names: readonly string[], timeoutMs: number): FatalError {
  return new FatalError(
    'SourceStillRunning',
    `cluster "${client.clusterName}": not stopped after ${Math.round(timeoutMs / 1000)} s, as others start it again each time: ` +
      describeSome(names),
    {
      subject: { cluster: client.clusterName, object: names[0] },
      cure: 'Suspend what starts it again (an operator, an autoscaler, a tool that keeps the cluster as a repository says), and cut over again.',
    },
  );
}

function notStoppable(client: KubeClient, pods: readonly KubernetesObject[], hasStopped: boolean): FatalError {
  const names = pods.map(describeObject);
  return new FatalError(
    'SourceNotStoppable',
    `cluster "${client.clusterName}": ${describeSome(names)} would go on writing to volumes that are moved: no workload of the ` +
      `selection makes them${hasStopped ? '' : ', so nothing was stopped'}`,
    {
      subject: { cluster: client.clusterName, object: names[0] },
      cure: 'Stop them by the means of what made them (an operator, a workload that the selection leaves out), and cut over again.',
    },
  );
}
