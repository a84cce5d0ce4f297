import type { Finding } from '@godwit/contracts/findings';
import type { PreflightOutput } from '@godwit/contracts/step-outputs';
import type { StoredRun } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import type { KubeClient } from '@godwit/kube/kube-client';
import type { StepContext } from '@godwit/queue/step-worker';
import { selectNamespaces } from '@godwit/selection/select-namespaces';
import { readSelection } from '@godwit/selection/selection-criteria';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { namespaceMapping } from '@godwit/transforms/namespace-mapping';
import { transformContext } from '@godwit/transforms/transform-context';
import { Injectable } from '@nestjs/common';
import { findHookProblems } from '../hooks/find-hook-problems.ts';
import { observeCluster } from '../inspect/cluster-status.ts';
import { checkArchiveStore } from './check-archive-store.ts';
import { condense } from './condense.ts';
import { collectCluster } from './facts/collect-cluster.ts';
import { collectSource } from './facts/collect-source.ts';
import { namespaceFindings } from './namespace-findings.ts';
import { findMissingForLiveCopies, findMissingPermissions, NEEDED_ON_SOURCE } from './permissions.ts';
import { planVolumes } from './plan-volumes.ts';
import { preflightFailed } from './preflight-failed.ts';

/**
 * Preflight of a run whose destination is yet to be created: what can be known of the source and the store. The destination is
 * looked at as soon as it is there (`check-destination`), beside the copy.
 */
@Injectable()
export class PreflightSource {
  constructor(
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly archives: ArchiveAccess,
    private readonly log: RunLog,
  ) {}

  async check(run: StoredRun, { step, signal }: StepContext): Promise<PreflightOutput> {
    const source = await this.clusters.get(run.sourceClusterId);
    const [status, store, missing] = await Promise.all([
      observeCluster(source, signal),
      checkArchiveStore(this.archives, run, signal),
      findMissingPermissions(source, NEEDED_ON_SOURCE, signal),
    ]);
    signal.throwIfAborted();
    if (status.problem) throw await this.refuse(step, [status.problem, ...store]);
    const selected = selectNamespaces(run.definition.selection, status.namespaces ?? []);
    const mapping = namespaceMapping(run.definition.transforms.renameNamespaces, selected.selected);
    const [planned, hooks] = await Promise.all([
      this.plan(run, source, status, mapping.map, signal),
      findHookProblems(run.hooks, { source }, selected.selected, signal),
    ]);
    const findings = condense([
      ...store,
      ...missing,
      ...namespaceFindings(selected, source.clusterName),
      ...mapping.problems,
      ...planned.findings,
      ...hooks,
      ...(await findMissingForLiveCopies(source, planned.volumes, signal)),
    ]);
    if (findings.some(({ severity }) => severity === 'error')) throw await this.refuse(step, findings);
    await this.log.findings(step, findings);
    await this.volumes.ensure(
      run.id,
      planned.volumes.map(({ requestedBytes: _, ...volume }) => volume),
    );
    await this.log.info(
      step,
      `Source "${source.clusterName}" runs Kubernetes ${status.version}; the destination is checked as soon as it is created. ` +
        `${Object.keys(mapping.map).length} namespaces are selected`,
    );
    return { namespaces: mapping.map, errors: 0 };
  }

  private async plan(
    { id: runId, kind, definition }: StoredRun,
    source: KubeClient,
    status: Awaited<ReturnType<typeof observeCluster>>,
    namespaces: Record<string, string>,
    signal: AbortSignal,
  ) {
    const cluster = await collectCluster(source, status, signal);
    const criteria = readSelection(definition.selection, Object.keys(namespaces));
    const transforms = transformContext(definition.transforms, { runId, namespaces, types: cluster.discovery.preferred });
    const facts = await collectSource({ client: source, cluster, definition, criteria, transforms, signal });
    return planVolumes({
      kind,
      sourceCluster: source.clusterName,
      destinationCluster: '',
      claims: facts.claims,
      volumes: [...facts.volumes.values()],
      sourceClasses: status.storageClasses ?? [],
      snapshotClasses: status.snapshotClasses ?? [],
      destinationClasses: undefined,
      destinationClaims: new Map(),
      namespaces,
      storageClasses: definition.transforms.storageClasses,
      recreatesVolumes: criteria.recreatesVolumes,
      copy: definition.copy,
      hasPreHooks: definition.hooks.sourcePre.length > 0,
      claimUsers: kind === 'CutOver' ? new Map() : facts.claimUsers,
    });
  }

  private async refuse(step: StepContext['step'], findings: readonly Finding[]) {
    await this.log.findings(step, findings);
    return preflightFailed(findings.filter(({ severity }) => severity === 'error'));
  }
}
