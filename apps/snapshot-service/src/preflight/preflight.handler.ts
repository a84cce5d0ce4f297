import type { ClusterStatus } from '@godwit/contracts/calls';
import { FatalError, type GodwitError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { PreflightOutput } from '@godwit/contracts/step-outputs';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { ClaimedStep } from '@godwit/pipeline/step-ledger';
import type { StepContext } from '@godwit/queue/step-worker';
import { selectNamespaces } from '@godwit/selection/select-namespaces';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { namespaceMapping } from '@godwit/transforms/namespace-mapping';
import { Inject, Injectable } from '@nestjs/common';
import { findHookProblems } from '../hooks/find-hook-problems.ts';
import { observeCluster } from '../inspect/cluster-status.ts';
import { checkArchiveStore } from './check-archive-store.ts';
import { CHECKS } from './checks/all-checks.ts';
import { condense } from './condense.ts';
import { withDefaultClasses } from './default-classes.ts';
import { collectFacts } from './facts/collect-facts.ts';
import { namespaceFindings } from './namespace-findings.ts';
import {
  findMissingForLiveCopies,
  findMissingPermissions,
  NEEDED_ON_DESTINATION,
  NEEDED_ON_SOURCE,
  NEEDED_TO_QUIESCE,
} from './permissions.ts';
import type { PlannedVolume } from './plan-volumes.ts';
import { preflightFailed } from './preflight-failed.ts';
import { PreflightSource } from './preflight-source.ts';
import { findSameCluster } from './same-cluster.ts';
import { StagingPlanner } from './staging-planner.ts';

interface Clusters {
  source: KubeClient;
  destination: KubeClient;
  sourceStatus: ClusterStatus;
  destinationStatus: ClusterStatus;
}

interface Plan {
  namespaces: Record<string, string>;
  volumes: PlannedVolume[];
  findings: Finding[];
}

/**
 * Looks at both clusters and the store, tells all that it finds at once, and plans the volumes. Touches nothing in the
 * clusters: an error here leaves all as it was.
 *
 * A destination that is yet to be created is looked at once it is there (`check-destination`).
 *
 * A preview goes on after errors, for its plan can be shown all the same; only without one of the clusters there is none.
 */
@Injectable()
export class PreflightHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly archives: ArchiveAccess,
    private readonly staging: StagingPlanner,
    private readonly log: RunLog,
    private readonly sourceOnly: PreflightSource,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  async handle(context: StepContext): Promise<PreflightOutput> {
    const { step, signal } = context;
    let run = await this.runs.get(step.runId);
    if (!run.destinationClusterId && run.definition.destination.type !== 'Registered') return this.sourceOnly.check(run, context);
    const { source, destination } = await this.connect(run);
    const onSource = run.kind === 'CutOver' ? [...NEEDED_ON_SOURCE, ...NEEDED_TO_QUIESCE] : NEEDED_ON_SOURCE;
    const [sourceStatus, destinationStatus, storeFindings, ...missing] = await Promise.all([
      observeCluster(source, signal),
      observeCluster(destination, signal),
      checkArchiveStore(this.archives, run, signal),
      // A cluster that does not answer is told of once, not with each question.
      findMissingPermissions(source, onSource, signal).catch(asError),
      findMissingPermissions(destination, NEEDED_ON_DESTINATION, signal).catch(asError),
    ]);
    signal.throwIfAborted();
    const unseen = [sourceStatus.problem, destinationStatus.problem].filter((problem) => problem !== undefined);
    const unasked = missing.find((answer) => answer instanceof Error);
    const found = [...unseen, ...storeFindings, ...missing.flatMap((answer) => (answer instanceof Error ? [] : answer))];
    if (unseen.length > 0) throw await this.refuse(step, found);
    if (unasked) throw unasked;
    await this.log.info(step, introduction({ source, destination, sourceStatus, destinationStatus }));
    const isCreated = step.name === 'check-destination';
    if (isCreated) run = await this.takeDefaultClasses(run, step, sourceStatus, destinationStatus);
    const plan = await this.plan(run, { source, destination, sourceStatus, destinationStatus }, signal);
    const findings = condense([...found, ...plan.findings]);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0 && run.kind !== 'Preview') throw await this.refuse(step, findings);
    await this.log.findings(step, findings);

    if (isCreated) await this.volumes.retarget(run.id, targetClasses(plan.volumes));
    else
      await this.volumes.ensure(
        run.id,
        plan.volumes.map(({ requestedBytes: _, ...volume }) => volume),
      );
    const moving = plan.volumes.filter((volume) => !volume.skipReason).length;
    await this.log.info(
      step,
      `${Object.keys(plan.namespaces).length} namespaces are selected; the data of ${moving} volumes is to be moved`,
    );
    return { namespaces: plan.namespaces, errors: errors.length };
  }

  /** Tells everything, and makes the error with which the step ends. */
  private async refuse(step: ClaimedStep, findings: readonly Finding[]): Promise<GodwitError> {
    await this.log.findings(step, findings);
    return preflightFailed(findings.filter(({ severity }) => severity === 'error'));
  }

  /** What it maps is the run's own: the migration stays as it is. */
  private async takeDefaultClasses(
    run: StoredRun,
    step: ClaimedStep,
    source: ClusterStatus,
    destination: ClusterStatus,
  ): Promise<StoredRun> {
    const { transforms } = run.definition;
    const { storageClasses, added } = withDefaultClasses(transforms.storageClasses, source, destination);
    if (added.length === 0) return run;
    await this.log.info(
      step,
      `The default storage class of the destination is taken for ${added.join(', ')}, which it does not have`,
    );
    await this.runs.mapStorageClasses(run.id, storageClasses);
    return this.runs.get(run.id);
  }

  private async connect(run: StoredRun): Promise<{ source: KubeClient; destination: KubeClient }> {
    if (!run.destinationClusterId) throw new FatalError('NoDestination', 'the run has no destination cluster');
    const [source, destination] = await Promise.all([
      this.clusters.get(run.sourceClusterId),
      this.clusters.get(run.destinationClusterId),
    ]);
    return { source, destination };
  }

  private async plan(run: StoredRun, clusters: Clusters, signal: AbortSignal): Promise<Plan> {
    const { definition } = run;
    const { source, destination, sourceStatus } = clusters;
    const selected = selectNamespaces(definition.selection, sourceStatus.namespaces ?? []);
    const mapping = namespaceMapping(definition.transforms.renameNamespaces, selected.selected);
    const { endpoint } = await this.archives.config(run);
    const [collected, sameCluster, hookProblems] = await Promise.all([
      collectFacts({
        ...clusters,
        runId: run.id,
        definition,
        namespaces: mapping.map,
        kind: run.kind,
        store: { endpoint },
        moverImage: this.config.moverImage,
        signal,
      }),
      findSameCluster(source, destination, signal),
      findHookProblems(run.hooks, clusters, selected.selected, signal),
    ]);
    const staged = await this.staging.plan(run, destination, collected.facts.volumes, signal);
    const facts = { ...collected.facts, volumes: staged.volumes };
    const refused = await findMissingForLiveCopies(source, facts.volumes, signal);
    return {
      namespaces: mapping.map,
      volumes: staged.volumes,
      findings: [
        ...namespaceFindings(selected, source.clusterName),
        ...sameCluster,
        ...mapping.problems,
        ...collected.findings,
        ...staged.findings,
        ...hookProblems,
        ...refused,
        // Two names of one cluster make all that is there look taken.
        ...(sameCluster.length > 0 ? [] : CHECKS.flatMap((check) => check(facts))),
      ],
    };
  }
}

function targetClasses(volumes: readonly PlannedVolume[]): Map<string, string> {
  return new Map(volumes.map(({ namespace, name, source }) => [`${namespace}/${name}`, source.targetStorageClassName]));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function introduction({ source, destination, sourceStatus, destinationStatus }: Clusters): string {
  const of = (client: KubeClient, { version }: ClusterStatus) => `"${client.clusterName}" runs Kubernetes ${version}`;
  return `Source ${of(source, sourceStatus)}, destination ${of(destination, destinationStatus)}`;
}
