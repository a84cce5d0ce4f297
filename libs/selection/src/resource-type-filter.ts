import type { Selection } from '@godwit/contracts/migration-definition';
import type { ResourceInfo } from './resource-info.ts';

/**
 * The predicate of a selection's resource types. Each entry is a plural name, a kind or a short name, alone or followed by
 * `.group` (`deployments.apps`, `Deployment`, `deploy`); case does not matter. An entry without a group means every group that
 * has such a type. Exclusions win. Namespaces pass unless excluded, since nothing can land without one.
 */
export function resourceTypeFilter(
  selection: Pick<Selection, 'resourceTypes' | 'excludeResourceTypes'>,
): (info: ResourceInfo) => boolean {
  const included = new Set(selection.resourceTypes.map((name) => name.toLowerCase()));
  const excluded = new Set(selection.excludeResourceTypes.map((name) => name.toLowerCase()));
  return (info) => {
    const names = namesOf(info);
    if (names.some((name) => excluded.has(name))) return false;
    if (info.group === '' && info.plural === 'namespaces') return true;
    return included.size === 0 || names.some((name) => included.has(name));
  };
}

function namesOf({ group, kind, plural, shortNames = [] }: ResourceInfo): string[] {
  const bare = [plural, kind, ...shortNames].map((name) => name.toLowerCase());
  return group === '' ? bare : [...bare, ...bare.map((name) => `${name}.${group.toLowerCase()}`)];
}
