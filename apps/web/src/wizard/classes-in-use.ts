import type { OfferedNamespace } from '@godwit/contracts/cluster-offer';
import type { Selection } from '@godwit/contracts/migration-definition';
import { selectNamespaces } from '@godwit/selection/select-namespaces';

/** @returns the storage classes that claims of the selected namespaces have now, sorted */
export function classesInUse(
  namespaces: readonly OfferedNamespace[],
  selection: Pick<Selection, 'scope' | 'namespaces' | 'excludeNamespaces'>,
): string[] {
  const { selected } = selectNamespaces(
    selection,
    namespaces.map(({ name }) => name),
  );
  const chosen = new Set(selected);
  return [...new Set(namespaces.filter(({ name }) => chosen.has(name)).flatMap(({ storageClasses }) => storageClasses))].sort();
}
