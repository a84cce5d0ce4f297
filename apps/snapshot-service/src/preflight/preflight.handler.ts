import type { ClusterStatus } from '@godwit/contracts/calls';
import { FatalError, type GodwitError, RetryableError, reportError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { PreflightOutput } from '@godwit/contracts/step-outputs';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import type { KubeClient } from '@godwit/kube/kube-client';
import { listAll } from '@godwit/kube/list-all';
import { NAMESPACE, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, POD, type ResourceType } from '@godwit/kube/resource-type';
import type { StepContext } from '@godwit/queue/step-worker';
import { selectNamespaces } from '@godwit/selection/select-namespaces';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { namespaceMapping } from '@godwit/transforms/namespace-mapping';
import { Injectable } from '@nestjs/common';
import { observeCluster } from '../inspect/cluster-status.ts';
import { findMissingPermissions, NEEDED_ON_DESTINATION, NEEDED_ON_SOURCE } from './permissions.ts';
import { type PlannedVolume, planVolumes } from './plan-volumes.ts';
import { observeWhatMayNeedClaims, selectClaims } from './selected-claims.ts';

interface Plan {
  namespaces: Record<string, string>;
  volumes: PlannedVolume[];
  findings: Finding[];
}

/** Looks at both clusters and the store, and plans the volumes. Touches nothing: an error here leaves all as it was. */
@Injectable()
export class PreflightHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly archives: ArchiveAccess,
    private readonly log: RunLog,
  ) {}

  async handle({ step, signal }: StepContext): Promise<PreflightOutput> {
    const run = await this.runs.get(step.runId);
    const { source, destination } = await this.connect(run);
    const [sourceStatus, destinationStatus, storeFindings] = await Promise.all([
      observeCluster(source, signal),
      observeCluster(destination, signal),
      this.checkStore(run, signal),
    ]);
    signal.throwIfAborted();
    const problems = [sourceStatus.problem, destinationStatus.problem, ...storeFindings].filter(
      (problem) => problem !== undefined,
    );
    if (problems.length > 0) {
      await this.log.findings(step, problems);
      throw preflightFailed(problems);
    }
    await this.log.info(
      step,
      `Source "${source.clusterName}" runs Kubernetes ${sourceStatus.version}, destination "${destination.clusterName}" ${destinationStatus.version}; the object store answers`,
    );
    const plan = await this.plan(run, source, destination, sourceStatus, destinationStatus, signal);
    await this.log.findings(step, plan.findings);
    const errors = plan.findings.filter((finding) => finding.severity === 'error');
    if (errors.length > 0) throw preflightFailed(errors);

    await this.volumes.ensure(run.id, plan.volumes);
    const moving = plan.volumes.filter((volume) => !volume.skipReason).length;
    await this.log.info(
      step,
      `${Object.keys(plan.namespaces).length} namespaces are selected; the data of ${moving} volumes is to be moved`,
    );
    return { namespaces: plan.namespaces };
  }

  private async connect(run: StoredRun): Promise<{ source: KubeClient; destination: KubeClient }> {
    if (!run.destinationClusterId) throw new FatalError('NoDestination', 'the run has no destination cluster');
    const [source, destination] = await Promise.all([
      this.clusters.get(run.sourceClusterId),
      this.clusters.get(run.destinationClusterId),
    ]);
    return { source, destination };
  }

  private async checkStore(run: StoredRun, signal: AbortSignal): Promise<Finding[]> {
    try {
      await this.archives.use(run.objectStoreId, (store) => store.check({ signal }));
      return [];
    } catch (error) {
      signal.throwIfAborted();
      const { reason, message, cure } = reportError(error);
      return [{ severity: 'error', reason, message, cure }];
    }
  }

  private async plan(
    run: StoredRun,
    source: KubeClient,
    destination: KubeClient,
    sourceStatus: ClusterStatus,
    destinationStatus: ClusterStatus,
    signal: AbortSignal,
  ): Promise<Plan> {
    const { definition } = run;
    const selected = selectNamespaces(definition.selection, sourceStatus.namespaces ?? []);
    const mapping = namespaceMapping(definition.transforms.renameNamespaces, selected.selected);
    const inSelected = (object: KubernetesObject) => selected.selected.includes(object.metadata.namespace ?? '');
    const list = (client: KubeClient, type: ResourceType) => listAll(client, type, { signal });
    const [claims, pods, everything, volumes, destinationClaims, sameCluster, ...missing] = await Promise.all([
      list(source, PERSISTENT_VOLUME_CLAIM),
      list(source, POD),
      observeWhatMayNeedClaims(source, definition, selected.selected, signal),
      list(source, PERSISTENT_VOLUME),
      list(destination, PERSISTENT_VOLUME_CLAIM),
      areTheSame(source, destination, signal),
      findMissingPermissions(source, NEEDED_ON_SOURCE, signal),
      findMissingPermissions(destination, NEEDED_ON_DESTINATION, signal),
    ]);
    const planned = planVolumes({
      sourceCluster: source.clusterName,
      destinationCluster: destination.clusterName,
      claims: selectClaims(definition, claims.filter(inSelected), pods.filter(inSelected), everything),
      volumes,
      sourceClasses: sourceStatus.storageClasses ?? [],
      snapshotClasses: sourceStatus.snapshotClasses ?? [],
      destinationClasses: destinationStatus.storageClasses ?? [],
      destinationClaims: new Set(destinationClaims.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)),
      namespaces: mapping.map,
      storageClasses: definition.transforms.storageClasses,
    });
    return {
      namespaces: mapping.map,
      volumes: planned.volumes,
      findings: [
        ...namespaceFindings(selected, source.clusterName),
        ...(sameCluster ? [sameClusterFinding(source, destination)] : []),
        ...mapping.problems,
        ...missing.flat(),
        ...planned.findings,
      ],
    };
  }
}

/** Two registrations may lead to one cluster: the UID of kube-system tells. */
async function areTheSame(source: KubeClient, destination: KubeClient, signal: AbortSignal): Promise<boolean> {
  const [one, other] = await Promise.all(
    [source, destination].map((client) => client.get(NAMESPACE, undefined, 'kube-system', signal)),
  );
  return one?.metadata.uid === other?.metadata.uid;
}

function sameClusterFinding(source: KubeClient, destination: KubeClient): Finding {
  return {
    severity: 'error',
    reason: 'SameCluster',
    message: `"${source.clusterName}" and "${destination.clusterName}" are the same cluster`,
    cure: 'Choose another destination.',
  };
}

function namespaceFindings(selected: ReturnType<typeof selectNamespaces>, cluster: string): Finding[] {
  const missing: Finding[] = selected.missing.map((name) => ({
    severity: 'error',
    reason: 'NamespaceMissing',
    cluster,
    message: `cluster "${cluster}" has no namespace ${name}`,
    cure: 'Correct the selection.',
  }));
  const refused: Finding[] = selected.refused.map((name) => ({
    severity: 'error',
    reason: 'NamespaceRefused',
    message: `namespace ${name} is our own and cannot be migrated`,
    cure: 'Take it out of the selection.',
  }));
  const none: Finding[] =
    selected.selected.length + missing.length + refused.length > 0
      ? []
      : [
          {
            severity: 'error',
            reason: 'NothingSelected',
            cluster,
            message: `cluster "${cluster}" has no namespace that the selection means`,
            cure: 'Correct the selection.',
          },
        ];
  return [...missing, ...refused, ...none];
}

/** Retryable only if each of the problems may pass by itself. */
function preflightFailed(problems: readonly Finding[]): GodwitError {
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more, see the log)` : '';
  const options = { cure: first?.cure, subject: { cluster: first?.cluster, object: first?.object } };
  const message = `${first?.object ? `${first.object}: ` : ''}${first?.message}${more}`;
  const passing = problems.every(
    ({ reason }) => reason === 'ApiServerBusy' || reason === 'ClusterUnreachable' || reason === 'StoreUnreachable',
  );
  return passing
    ? new RetryableError(first?.reason ?? 'Preflight', message, options)
    : new FatalError(first?.reason ?? 'Preflight', message, options);
}
