import type { Selection } from '@godwit/contracts/migration-definition';
import { isGlob, matchesGlob } from './glob.ts';
import type { ResourceInfo } from './resource-info.ts';

/** The name under which the group without a name is spoken of. */
const CORE = 'core';

/**
 * The predicate of a selection's resource types. Each entry is a plural name, a kind or a short name, alone or followed by
 * `.group` (`deployments.apps`, `Deployment`, `deploy`), a group (`apps`, `networking.k8s.io`), or a glob of `plural.group`
 * (`*.istio.io`); the group without a name is `core`. Case does not matter. A name without a group means every group that has
 * such a type. Exclusions win. Namespaces pass unless excluded, since nothing can land without one.
 */
export function resourceTypeFilter(
  selection: Pick<Selection, 'resourceTypes' | 'excludeResourceTypes'>,
): (info: ResourceInfo) => boolean {
  const isIncluded = namesAnyOf(selection.resourceTypes);
  const isExcluded = namesAnyOf(selection.excludeResourceTypes);
  return (info) => {
    if (isExcluded(info)) return false;
    if (info.group === '' && info.plural === 'namespaces') return true;
    return selection.resourceTypes.length === 0 || isIncluded(info);
  };
}

/** Whether one of the entries means the type by a name of its own, not by its group alone. */
export function isNamed(entries: readonly string[], info: ResourceInfo): boolean {
  const names = new Set(namesOf(info));
  return entries.some((entry) => names.has(entry.toLowerCase()));
}

/** Entries that mean none of the types: most often misspelt, or of a cluster that does not serve them. */
export function entriesWithoutType(entries: readonly string[], types: readonly ResourceInfo[]): string[] {
  return entries.filter((entry) => !types.some(namesAnyOf([entry])));
}

function namesAnyOf(entries: readonly string[]): (info: ResourceInfo) => boolean {
  const lower = entries.map((entry) => entry.toLowerCase());
  const exact = new Set(lower.filter((entry) => !isGlob(entry)));
  const globs = lower.filter(isGlob);
  return (info) => {
    const group = (info.group || CORE).toLowerCase();
    const qualified = `${info.plural}.${group}`;
    return (
      exact.has(group) || namesOf(info).some((name) => exact.has(name)) || globs.some((glob) => matchesGlob(glob, qualified))
    );
  };
}

function namesOf({ group, kind, plural, shortNames = [] }: ResourceInfo): string[] {
  const bare = [plural, kind, ...shortNames].map((name) => name.toLowerCase());
  return [...bare, ...bare.map((name) => `${name}.${(group || CORE).toLowerCase()}`)];
}
