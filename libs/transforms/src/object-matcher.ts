import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import type { ObjectMatch } from '@godwit/contracts/migration-definition';
import { matchesGlob } from '@godwit/selection/glob';
import { matchesSelector } from '@godwit/selection/label-selector';
import type { ResourceInfo } from '@godwit/selection/resource-info';
import { resourceTypeFilter } from '@godwit/selection/resource-type-filter';
import { parseSelector } from '@godwit/selection/selector-text';

/** Whether a rule is for an object; asked of the object as the source knows it. */
export type ObjectMatcher = (source: KubernetesObject) => boolean;

/**
 * Makes the predicate of a rule's match. Cluster-scoped objects lie in no namespace, so a rule that names namespaces is not for
 * them.
 * @param types what is known of resource types; a type that is not among them is known by its kind, and by the plural that
 *   Kubernetes would guess of it
 * @throws SelectorTextError if the label selector cannot be read
 */
export function objectMatcher(match: ObjectMatch, types: readonly ResourceInfo[]): ObjectMatcher {
  const isOfType = typeMatcher(match.resourceTypes, types);
  const selector = parseSelector(match.labelSelector);
  const { namespaces, names } = match;
  return (source) => {
    const { name, namespace, labels } = source.metadata;
    return (
      isOfType(source) &&
      (namespaces.length === 0 || (namespace !== undefined && namespaces.some((pattern) => matchesGlob(pattern, namespace)))) &&
      (names.length === 0 || names.some((pattern) => matchesGlob(pattern, name))) &&
      matchesSelector(selector, labels)
    );
  };
}

/** Whether an object is of one of the named types; no names mean any type. Each type is looked up once. */
export function typeMatcher(names: readonly string[], types: readonly ResourceInfo[]): ObjectMatcher {
  if (names.length === 0) return () => true;
  // An exclusion names exactly the types it says; an inclusion lets namespaces pass besides.
  const isOther = resourceTypeFilter({ resourceTypes: [], excludeResourceTypes: [...names] });
  const known = new Map<string, boolean>();
  for (const type of types) if (!isOther(type)) known.set(`${type.kind}.${type.group}`, true);
  return ({ apiVersion, kind }) => {
    const group = groupOf(apiVersion);
    const key = `${kind}.${group}`;
    let answer = known.get(key);
    if (answer === undefined) {
      answer = !isOther({ group, version: '', kind, plural: guessedPlural(kind) });
      known.set(key, answer);
    }
    return answer;
  };
}

/** As Kubernetes itself guesses it (meta.UnsafeGuessKindToResource). */
function guessedPlural(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith('endpoints')) return name;
  if (name.endsWith('s')) return `${name}es`;
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
}
