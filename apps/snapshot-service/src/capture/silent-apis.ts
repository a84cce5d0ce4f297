import type { Finding } from '@godwit/contracts/findings';
import type { Selection } from '@godwit/contracts/migration-definition';
import type { Discovery } from '@godwit/kube/discovery';
import { apiVersionOf } from '@godwit/kube/resource-type';
import { isGlob, matchesGlob } from '@godwit/selection/glob';
import { isReadOnlyGroup } from '@godwit/selection/never-captured';

type Wanted = Pick<Selection, 'resourceTypes' | 'excludeResourceTypes'>;

/**
 * Aggregated APIs of which discovery tells no kinds, since their backend does not answer: nothing else would tell that their
 * objects stay behind. One finding for each `group/version`: an error where the selection asks for the group.
 */
export function silentApis({ stale, all }: Pick<Discovery, 'stale' | 'all'>, wanted: Wanted, cluster: string): Finding[] {
  const known = new Set(all.map(apiVersionOf));
  return stale
    .filter((api) => !isReadOnlyGroup(groupOf(api)) && !known.has(api) && !isLeftOut(wanted.excludeResourceTypes, groupOf(api)))
    .map((api) => ({
      severity: speaksOf(wanted.resourceTypes, groupOf(api)) ? 'error' : 'warning',
      reason: 'ApiUnavailable',
      cluster,
      object: `APIService ${api.split('/').reverse().join('.')}`,
      message: `cluster "${cluster}" does not tell which kinds ${api} has, since what serves it does not answer: its objects are not captured`,
      cure: `Mend what serves ${api}, or delete its APIService or exclude ${groupOf(api)} if its objects do not matter.`,
    }));
}

/** One excluded kind says nothing of the others of its group. */
function isLeftOut(entries: readonly string[], group: string): boolean {
  return entries
    .map((entry) => entry.toLowerCase())
    .some((entry) => entry === group || (isGlob(entry) && matchesGlob(entry, `*.${group}`)));
}

/** Which kinds an entry without a group means cannot be told here, and who selects all asks for none. */
function speaksOf(entries: readonly string[], group: string): boolean {
  return entries
    .map((entry) => entry.toLowerCase())
    .some(
      (entry) =>
        entry === group || entry.endsWith(`.${group}`) || (entry !== '*' && isGlob(entry) && matchesGlob(entry, `*.${group}`)),
    );
}

function groupOf(api: string): string {
  return api.split('/')[0] ?? api;
}
