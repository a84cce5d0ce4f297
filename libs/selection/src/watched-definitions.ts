import { groupOf, type KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { isBuiltIn } from './built-in-groups.ts';
import { definitionsOfGroupKey, objectKey, type Tie } from './tie.ts';

interface PolicyRule {
  apiGroups?: string[] | null;
  resources?: string[] | null;
  verbs?: string[] | null;
}

const WHY = 'lets a controller watch what it defines';

/**
 * The definitions that the rules of a role let somebody watch. An operator waits for all kinds that it works with, also for
 * those of which there is no object yet, so a definition that is missing stops it.
 */
export function watchedDefinitions({ rules }: KubernetesObject): Tie[] {
  return ((rules ?? []) as PolicyRule[])
    .filter(({ verbs }) => verbs?.some((verb) => verb === 'watch' || verb === '*'))
    .flatMap(({ apiGroups, resources }) =>
      (apiGroups ?? [])
        .filter((group) => group !== '*' && !isBuiltIn(group))
        .flatMap((group) => (resources ?? []).flatMap((resource) => definitions(resource, group))),
    );
}

function definitions(resource: string, group: string): Tie[] {
  if (resource === '*') return [{ key: definitionsOfGroupKey(group), why: WHY }];
  const isSubresource = resource.includes('/');
  return isSubresource ? [] : [{ key: definitionKey(`${resource}.${group}`), why: WHY }];
}

function definitionKey(name: string): string {
  return objectKey('CustomResourceDefinition', 'apiextensions.k8s.io', '', name);
}

/** @returns the keys under which a definition is found beside its own */
export function keysOfDefinition({ apiVersion, kind, spec }: KubernetesObject): string[] {
  if (kind !== 'CustomResourceDefinition' || groupOf(apiVersion) !== 'apiextensions.k8s.io') return [];
  const { group } = (spec ?? {}) as { group?: string };
  return group ? [definitionsOfGroupKey(group)] : [];
}
