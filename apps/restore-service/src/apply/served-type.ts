import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { Discovery } from '@godwit/kube/discovery';
import type { ResourceType } from '@godwit/kube/resource-type';

/**
 * As what the destination takes an object (rule 31): in its own version if that is served, else in the version that the
 * destination prefers.
 * @returns undefined if the destination does not serve the kind at all
 */
export function servedType(
  discovery: Pick<Discovery, 'find'>,
  { apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>,
): ResourceType | undefined {
  const group = groupOf(apiVersion);
  const version = group ? apiVersion.slice(group.length + 1) : apiVersion;
  return discovery.find(group, kind, version) ?? discovery.find(group, kind);
}

/** Why an object of a kind that is not served cannot be there, and what would help. */
export function explainUnserved({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): string {
  const group = groupOf(apiVersion);
  return group.includes('.')
    ? `the destination serves no kind ${kind} of the group ${group}: install what brings this API (its CustomResourceDefinition ` +
        'or its aggregated API server) there, or let the CustomResourceDefinition come along, then run again'
    : `the destination serves no kind ${kind} in ${apiVersion}: its version of Kubernetes does not have this API (any more)`;
}
