import type { ClusterStatus } from '@godwit/contracts/calls';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import type { RunKind } from '@godwit/contracts/run';
import type { KubeClient } from '@godwit/kube/kube-client';
import { CUSTOM_RESOURCE_DEFINITION, type ResourceType } from '@godwit/kube/resource-type';
import { readSelection, type SelectionCriteria } from '@godwit/selection/selection-criteria';
import type { NamespaceMap } from '@godwit/transforms/transform';
import { transformContext } from '@godwit/transforms/transform-context';
import { planVolumes } from '../plan-volumes.ts';
import { collectCluster } from './collect-cluster.ts';
import { collectDestination } from './collect-destination.ts';
import { collectSource } from './collect-source.ts';
import { definitionOf } from './definitions.ts';
import type { ClusterFacts, DestinationFacts, Facts, PresentType, RefusedType, SourceFacts, StoreFacts } from './facts.ts';
import { observePresent } from './observe-present.ts';
import { findRefused, mayDoAnything, type WantedAccess } from './review-access.ts';

export interface FactsRequest {
  runId: string;
  definition: MigrationDefinition;
  source: KubeClient;
  destination: KubeClient;
  sourceStatus: ClusterStatus;
  destinationStatus: ClusterStatus;
  /** From `namespaceMapping`. */
  namespaces: NamespaceMap;
  /** Of the run. */
  kind: RunKind;
  store: StoreFacts;
  moverImage: string;
  signal: AbortSignal;
}

/** Looks at both clusters at once, at each by lists that run side by side; then plans the volumes. */
export async function collectFacts(request: FactsRequest) {
  const { runId, kind, definition, source, destination, namespaces, store, moverImage, signal } = request;
  const [ours, theirs] = await Promise.all([
    collectCluster(source, request.sourceStatus, signal),
    collectCluster(destination, request.destinationStatus, signal),
  ]);
  const criteria = readSelection(definition.selection, Object.keys(namespaces));
  const transforms = transformContext(definition.transforms, { runId, namespaces, types: ours.discovery.preferred });
  const targets = Object.values(namespaces);
  const [sourceFacts, destinationFacts, unlistable, present] = await Promise.all([
    collectSource({ client: source, cluster: ours, definition, criteria, transforms, signal }),
    collectDestination(destination, theirs, targets, signal),
    findUnlistable(source, ours, criteria, signal),
    observePresent(source, questionableTypes(ours, theirs, criteria), criteria, signal),
  ]);
  const uncreatable = await findUncreatable(request, ours, theirs, criteria, present);
  const planned = planVolumes({
    kind,
    sourceCluster: source.clusterName,
    destinationCluster: destination.clusterName,
    claims: sourceFacts.claims,
    volumes: [...sourceFacts.volumes.values()],
    sourceClasses: request.sourceStatus.storageClasses ?? [],
    snapshotClasses: request.sourceStatus.snapshotClasses ?? [],
    destinationClasses: destinationFacts.storageClasses,
    destinationClaims: destinationFacts.claims,
    namespaces,
    storageClasses: definition.transforms.storageClasses,
    copy: definition.copy,
    recreatesVolumes: criteria.recreatesVolumes,
    hasPreHooks: definition.hooks.sourcePre.length > 0,
    // Of a source that is stopped no pod runs any more when the volumes are read.
    claimUsers: kind === 'CutOver' ? new Map() : sourceFacts.claimUsers,
  });
  const facts: Facts = {
    definition,
    criteria,
    namespaces,
    source: { ...withoutWhatStays(sourceFacts, destinationFacts, request), present, unlistable },
    destination: { ...destinationFacts, uncreatable },
    volumes: planned.volumes,
    store,
    moverImage,
  };
  return { facts, findings: planned.findings };
}

/** Where nothing is to be overwritten, what the destination has stays as it is there, and so is not judged (rule 38). */
function withoutWhatStays<T extends Pick<SourceFacts, 'workloads' | 'services'>>(
  source: T,
  destination: Pick<DestinationFacts, 'existing' | 'services'>,
  { definition, namespaces }: FactsRequest,
): T {
  if (definition.transforms.overwriteExisting) return source;
  const services = new Set(destination.services.map(({ object }) => object));
  const target = (kind: string, { namespace, name }: { namespace: string; name: string }) =>
    `${kind} ${namespaces[namespace] ?? namespace}/${name}`;
  return {
    ...source,
    workloads: source.workloads.filter((workload) => !destination.existing.has(target(workload.kind, workload))),
    services: source.services.filter((service) => !services.has(target('Service', service))),
  };
}

/** Types whose objects it matters to know of: those that are defined, and those that the destination does not serve alike. */
function questionableTypes(source: ClusterFacts, destination: ClusterFacts, criteria: SelectionCriteria): ResourceType[] {
  const served = new Set(destination.discovery.all.map(({ group, version, plural }) => `${group}/${version}/${plural}`));
  return source.discovery.preferred.filter(
    (type) =>
      (type.namespaced || criteria.clusterScoped === 'All') &&
      criteria.selectsType(type) &&
      (definitionOf(source, type) || !served.has(`${type.group}/${type.version}/${type.plural}`)),
  );
}

function findUnlistable(
  client: KubeClient,
  { discovery }: ClusterFacts,
  criteria: SelectionCriteria,
  signal: AbortSignal,
): Promise<RefusedType[]> {
  const wanted = discovery.preferred.filter((type) => criteria.looksAtType(type)).map((type) => ({ type, verb: 'list' }));
  return findRefused(client, wanted, [...criteria.namespaces], signal);
}

/** What objects there are of the many kinds is only looked up for users who may not create all of them. */
async function findUncreatable(
  { source, destination, namespaces, signal }: FactsRequest,
  ours: ClusterFacts,
  theirs: ClusterFacts,
  criteria: SelectionCriteria,
  custom: readonly PresentType[],
): Promise<RefusedType[]> {
  if (await mayDoAnything(destination, signal)) return [];
  const known = new Set(custom.map(({ type }) => type));
  const others = ours.discovery.preferred.filter((type) => type.namespaced && criteria.selectsType(type) && !known.has(type));
  const present = [...custom, ...(await observePresent(source, others, criteria, signal))].map(({ type }) => type);
  const needsDefinition = present.some((type) => definitionOf(ours, type) && !definitionOf(theirs, type));
  const types = needsDefinition ? [...present, CUSTOM_RESOURCE_DEFINITION] : present;
  // Applying from the server's side asks for both.
  const wanted: WantedAccess[] = types.flatMap((type) => ['create', 'patch', ...grants(type)].map((verb) => ({ type, verb })));
  return findRefused(destination, wanted, Object.values(namespaces), signal);
}

/** Who may write roles and bindings may write only those that grant what the writer has, unless these verbs are given too. */
function grants({ group, plural }: ResourceType): string[] {
  if (group !== 'rbac.authorization.k8s.io') return [];
  return plural.endsWith('bindings') ? [] : ['escalate', 'bind'];
}
