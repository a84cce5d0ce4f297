import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { discover } from '@godwit/kube/discovery';
import type { KubeClient } from '@godwit/kube/kube-client';
import { PERSISTENT_VOLUME_CLAIM, POD } from '@godwit/kube/resource-type';
import { chooseObjects } from '@godwit/selection/choose-objects';
import { factsOf, type ObjectFacts } from '@godwit/selection/object-facts';
import type { ResourceInfo } from '@godwit/selection/resource-info';
import { readSelection } from '@godwit/selection/selection-criteria';
import { listObjects } from '../capture/list-objects.ts';

/** As every cluster serves them; the short names are those that a selection may use. */
const CLAIMS: ResourceInfo = { ...PERSISTENT_VOLUME_CLAIM, shortNames: ['pvc'], verbs: undefined };
const PODS: ResourceInfo = { ...POD, shortNames: ['po'], verbs: undefined };

/**
 * The claims that a definition selects, or that selected objects need: decided as the capture will decide, so that the volumes
 * planned are those of the claims captured.
 *
 * @param claims of the selected namespaces
 * @param pods of the selected namespaces
 * @param everything as `observeWhatMayNeedClaims` returns it
 */
export function selectClaims(
  definition: MigrationDefinition,
  claims: KubernetesObject[],
  pods: KubernetesObject[],
  everything?: readonly ObjectFacts[],
): KubernetesObject[] {
  const criteria = readSelection(definition.selection, namespacesOf([...claims, ...pods]));
  if (!criteria.looksAtType(CLAIMS)) return [];
  const facts =
    everything ??
    [...claims.map((claim) => [claim, CLAIMS] as const), ...pods.map((pod) => [pod, PODS] as const)].map(([object, type]) =>
      factsOf(object, criteria.selectsType(type), criteria),
    );
  const fateOf = chooseObjects(facts, criteria);
  const captured = new Set(
    facts.filter((one) => isClaim(one) && fateOf(one).capture).map((one) => `${one.namespace}/${one.name}`),
  );
  const used = definition.copy.excludeUnattachedPvcs ? new Set(pods.flatMap(claimsOf)) : captured;
  return claims.filter(({ metadata }) => {
    const name = `${metadata.namespace}/${metadata.name}`;
    return captured.has(name) && used.has(name);
  });
}

/**
 * The facts of all that a selection of a part of its namespaces looks at, for any kind may need a claim.
 * @returns undefined if the selection means whole namespaces, or no dependencies: then claims and their pods tell enough
 */
export async function observeWhatMayNeedClaims(
  source: KubeClient,
  { selection }: MigrationDefinition,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<ObjectFacts[] | undefined> {
  const criteria = readSelection(selection, namespaces);
  if (!criteria.isPartial || !criteria.includeDependencies) return undefined;
  const served = await discover(source, signal);
  const { taken } = await listObjects({
    client: source,
    types: served.preferred.filter((type) => type.namespaced && criteria.looksAtType(type)),
    criteria,
    stale: served.stale,
    signal,
    take: async (type, objects) => objects.map((object) => factsOf(object, criteria.selectsType(type), criteria)),
  });
  return taken;
}

function isClaim({ apiVersion, kind }: ObjectFacts): boolean {
  return apiVersion === 'v1' && kind === 'PersistentVolumeClaim';
}

function namespacesOf(objects: readonly KubernetesObject[]): Set<string> {
  return new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
}

/** @returns `namespace/name` of the claims that a pod mounts */
export function claimsOf(pod: KubernetesObject): string[] {
  const { volumes = [] } = (pod.spec ?? {}) as { volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  return volumes.flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [`${pod.metadata.namespace}/${persistentVolumeClaim.claimName}`] : [],
  );
}
