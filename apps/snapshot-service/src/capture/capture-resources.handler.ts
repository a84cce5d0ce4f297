import { FatalError } from '@godwit/contracts/errors';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { CapturedObject, CaptureOutput, PreflightOutput } from '@godwit/contracts/step-outputs';
import { RunStore } from '@godwit/db/run-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { discover } from '@godwit/kube/discovery';
import type { StepContext } from '@godwit/queue/step-worker';
import { captureContext, captureDecision } from '@godwit/selection/capture-decision';
import { parseLabelSeed } from '@godwit/selection/label-seed';
import { isNeverCaptured } from '@godwit/selection/never-captured';
import { resourceTypeFilter } from '@godwit/selection/resource-type-filter';
import { selectClusterScoped } from '@godwit/selection/select-cluster-scoped';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { ClusterConnections } from '@godwit/step-kit/cluster-connections';
import { RunLog } from '@godwit/step-kit/run-log';
import { Injectable } from '@nestjs/common';
import { commonTypes } from './common-types.ts';
import { type Listed, listClusterScoped, listNamespaced } from './list-objects.ts';
import { writeResources } from './write-resources.ts';

/** Reads the selected objects of the source and writes them, sealed, into the archive. */
@Injectable()
export class CaptureResourcesHandler {
  constructor(
    private readonly runs: RunStore,
    private readonly volumes: VolumeStore,
    private readonly clusters: ClusterConnections,
    private readonly archives: ArchiveAccess,
    private readonly log: RunLog,
  ) {}

  async handle({ step, signal }: StepContext): Promise<CaptureOutput> {
    const run = await this.runs.get(step.runId);
    const preflight = await this.runs.stepOutput<PreflightOutput>(run.id, 'preflight');
    if (!preflight || !run.destinationClusterId) throw new FatalError('PreflightMissing', 'the run has no result of preflight');
    const [source, destination] = await Promise.all([
      this.clusters.get(run.sourceClusterId),
      this.clusters.get(run.destinationClusterId),
    ]);
    const [served, wanted] = await Promise.all([discover(source, signal), discover(destination, signal)]);
    const selected = resourceTypeFilter(run.definition.selection);
    const types = commonTypes(served, wanted).filter((type) => !isNeverCaptured(type) && selected(type));
    const namespaces = Object.keys(preflight.namespaces);
    const [namespaced, clusterScoped] = await Promise.all([
      listNamespaced(
        source,
        types.filter((type) => type.namespaced),
        namespaces,
        served.stale,
        signal,
      ),
      listClusterScoped(
        source,
        types.filter((type) => !type.namespaced),
        served.stale,
        signal,
      ),
    ]);
    await this.log.findings(step, [...namespaced.findings, ...clusterScoped.findings]);

    const moving = new Set((await this.volumes.list(run.id)).map(({ namespace, name }) => `${namespace}/${name}`));
    const chosen = choose(run.definition, namespaces, namespaced, clusterScoped, moving);
    const key = await this.runs.openArchiveKey(run.id);
    const tiers = await this.archives.use(run.objectStoreId, (store) =>
      writeResources(store, run.id, key, chosen.objects, signal),
    );

    const kinds = new Set(chosen.objects.map(({ object }) => object.kind)).size;
    await this.log.info(
      step,
      `Captured ${chosen.objects.length} objects of ${kinds} kinds; ${chosen.leftBehind.total} stay behind`,
      {
        leftBehind: chosen.leftBehind.byReason,
        included: chosen.included,
      },
    );
    return { objects: chosen.objects.length, tiers };
  }
}

interface Chosen {
  objects: CapturedObject[];
  leftBehind: { total: number; byReason: Record<string, number> };
  /** Cluster-scoped objects that go along, and why. */
  included: Record<string, string>;
}

function choose(
  definition: MigrationDefinition,
  namespaces: readonly string[],
  namespaced: Listed,
  clusterScoped: Listed,
  moving: ReadonlySet<string>,
): Chosen {
  const isSelectedNamespace = ({ kind, apiVersion, metadata }: KubernetesObject) =>
    kind === 'Namespace' && apiVersion === 'v1' && namespaces.includes(metadata.name);
  const candidates = [...clusterScoped.objects.filter(isSelectedNamespace), ...namespaced.objects];
  const context = captureContext(candidates, parseLabelSeed(definition.selection.labels));
  const byReason: Record<string, number> = {};
  const captured = candidates.filter((object) => {
    const decision = captureDecision(object, context);
    if (!decision.capture) byReason[decision.reason] = (byReason[decision.reason] ?? 0) + 1;
    return decision.capture && (!isClaim(object) || moving.has(`${object.metadata.namespace}/${object.metadata.name}`));
  });
  const along = selectClusterScoped(
    captured,
    clusterScoped.objects.filter((object) => object.kind !== 'Namespace'),
  );
  return {
    objects: [...captured.map((object) => ({ object })), ...along],
    leftBehind: { total: candidates.length - captured.length, byReason },
    included: Object.fromEntries(
      along.map(({ object, includedBecause }) => [`${object.kind} ${object.metadata.name}`, includedBecause]),
    ),
  };
}

function isClaim({ kind, apiVersion }: KubernetesObject): boolean {
  return kind === 'PersistentVolumeClaim' && apiVersion === 'v1';
}
