import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import type { Selection } from '@godwit/contracts/migration-definition';
import { isGlob, matchesGlob } from './glob.ts';

/** Belong to the cluster, not to its applications: selected only when named exactly (rule 28). */
export const SYSTEM_NAMESPACES: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease'];

export interface SelectedNamespaces {
  /** Sorted, without repeats. */
  selected: string[];
  /** Names, and globs that matched nothing, which the selection asks for and the cluster does not have. */
  missing: string[];
  /** Our own namespace, if the selection names it: it is never migrated. */
  refused: string[];
}

/**
 * Which of a cluster's namespaces a selection means.
 * @param names all namespaces of the source
 */
export function selectNamespaces(
  selection: Pick<Selection, 'scope' | 'namespaces' | 'excludeNamespaces'>,
  names: readonly string[],
): SelectedNamespaces {
  const candidates = [...new Set(names)].filter((name) => name !== GODWIT_NAMESPACE).sort();
  const applications = candidates.filter((name) => !SYSTEM_NAMESPACES.includes(name));
  if (selection.scope === 'FullCluster') {
    const isExcluded = (name: string) => selection.excludeNamespaces.some((pattern) => matchesGlob(pattern, name));
    return { selected: applications.filter((name) => !isExcluded(name)), missing: [], refused: [] };
  }
  const selected = new Set<string>();
  const missing: string[] = [];
  for (const pattern of selection.namespaces) {
    if (pattern === GODWIT_NAMESPACE) continue;
    const hits = isGlob(pattern)
      ? applications.filter((name) => matchesGlob(pattern, name))
      : candidates.filter((name) => name === pattern);
    if (hits.length === 0) missing.push(pattern);
    for (const name of hits) selected.add(name);
  }
  return {
    selected: [...selected].sort(),
    missing: [...new Set(missing)],
    refused: selection.namespaces.includes(GODWIT_NAMESPACE) ? [GODWIT_NAMESPACE] : [],
  };
}
