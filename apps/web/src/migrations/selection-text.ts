import type { Selection } from '@godwit/contracts/migration-definition';

const NAMED = 3;

/** @returns what goes along, as the rest of a sentence: `namespaces shop and blog, without Secrets` */
export function selectionText(selection: Selection): string {
  const { scope, namespaces, excludeNamespaces, resourceTypes, excludeResourceTypes, labels, labelSelectors } = selection;
  const parts = [
    scope === 'FullCluster'
      ? `the full cluster${excludeNamespaces.length > 0 ? ` without ${enumerate(excludeNamespaces)}` : ''}`
      : `${namespaces.length === 1 ? 'namespace' : 'namespaces'} ${enumerate(namespaces)}`,
    resourceTypes.length > 0 && `only ${enumerate(resourceTypes)}`,
    excludeResourceTypes.length > 0 && `no ${enumerate(excludeResourceTypes, 'or')}`,
    (labels !== '' || labelSelectors.length > 0) && `labelled ${enumerate([labels, ...labelSelectors].filter(Boolean), 'or')}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** @returns `a, b and c`, of many `a, b, c and 7 more` */
export function enumerate(items: readonly string[], last: 'and' | 'or' = 'and'): string {
  if (items.length > NAMED + 1) return `${items.slice(0, NAMED).join(', ')} ${last} ${items.length - NAMED} more`;
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}
