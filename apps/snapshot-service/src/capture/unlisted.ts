import type { Finding } from '@godwit/contracts/findings';
import { KubeRequestError } from '@godwit/kube/kube-error';
import { apiVersionOf, type ResourceType } from '@godwit/kube/resource-type';
import type { SelectionCriteria } from '@godwit/selection/selection-criteria';

/** As many namespaces as people read. */
const MOST_NAMED = 5;

/**
 * A server that is busy or restarts answers 503 too: only where discovery said that the API's own backend is gone is its list
 * left out, else the run would succeed without what it could not read for a moment.
 *
 * @returns undefined if the list must be tried again rather than be left out
 */
export function whyLeftOut(error: unknown, type: ResourceType, cluster: string, stale: readonly string[]): Finding | undefined {
  if (!(error instanceof KubeRequestError)) return undefined;
  const object = type.group ? `${type.plural}.${type.group}` : type.plural;
  const finding = { severity: 'warning', cluster, object, message: `not captured: ${error.message}` } as const;
  if (error.status === 403) return { ...finding, reason: 'ListForbidden', cure: error.cure };
  const gone = error.status === 404 || error.status === 405 || (error.status === 503 && stale.includes(apiVersionOf(type)));
  if (!gone) return undefined;
  return {
    ...finding,
    reason: 'ListFailed',
    cure: `Mend what serves ${object} on the source and run again, if these objects matter.`,
  };
}

/** One finding for each kind that was left out, however many namespaces it was to be listed in. */
export function unlistedFindings(
  unlisted: readonly { finding: Finding; namespaces: (string | undefined)[] }[],
  { namespaces: selected }: SelectionCriteria,
): Finding[] {
  return unlisted.map(({ finding, namespaces }) => {
    const named = namespaces.filter((name) => name !== undefined).sort();
    if (named.length <= 1 || named.length === selected.size) return finding;
    const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : '';
    return { ...finding, message: `${finding.message} (so in ${named.slice(0, MOST_NAMED).join(', ')}${more})` };
  });
}
