import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { MigrationDefinition } from '@godwit/contracts/migration-definition';
import { captureContext, captureDecision } from '@godwit/selection/capture-decision';
import { parseLabelSeed } from '@godwit/selection/label-seed';
import { resourceTypeFilter } from '@godwit/selection/resource-type-filter';

const CLAIM_TYPE = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
};

/**
 * The claims that a definition selects.
 *
 * @param claims of the selected namespaces
 * @param pods of the selected namespaces
 */
export function selectClaims(
  definition: MigrationDefinition,
  claims: KubernetesObject[],
  pods: KubernetesObject[],
): KubernetesObject[] {
  if (!resourceTypeFilter(definition.selection)(CLAIM_TYPE)) return [];
  const context = captureContext([...claims, ...pods], parseLabelSeed(definition.selection.labels));
  const used = new Set(pods.flatMap(claimsOf));
  return claims
    .filter((claim) => captureDecision(claim, context).capture)
    .filter((claim) => !definition.copy.excludeUnattachedPvcs || used.has(`${claim.metadata.namespace}/${claim.metadata.name}`));
}

function claimsOf(pod: KubernetesObject): string[] {
  const { volumes = [] } = (pod.spec ?? {}) as { volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  return volumes.flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [`${pod.metadata.namespace}/${persistentVolumeClaim.claimName}`] : [],
  );
}
