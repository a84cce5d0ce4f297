import type { Selection } from '@godwit/contracts/migration-definition';
import { matchesLabels, parseLabelSeed } from './label-seed.ts';
import { matchesSelector } from './label-selector.ts';
import { isNeverCaptured } from './never-captured.ts';
import type { ResourceInfo } from './resource-info.ts';
import { isNamed, resourceTypeFilter } from './resource-type-filter.ts';
import { parseSelector } from './selector-text.ts';

/** A selection, read once for the many objects that are held against it. */
export interface SelectionCriteria {
  /** The source's namespaces that it means. */
  namespaces: ReadonlySet<string>;
  /** It may mean a part of a namespace only, so that what that part needs has to be looked for. */
  isPartial: boolean;
  includeDependencies: boolean;
  clusterScoped: Selection['clusterScoped'];
  /** Static volumes whose storage both clusters may use go along with their claims. */
  recreatesVolumes: boolean;
  /** Objects of the type are selected. */
  selectsType(info: ResourceInfo): boolean;
  /** Objects of the type have to be looked at: they are selected, or may come along. */
  looksAtType(info: ResourceInfo): boolean;
  /** The selection asks for this very type. */
  namesType(info: ResourceInfo): boolean;
  selectsLabels(labels: Readonly<Record<string, string>> | undefined): boolean;
}

/**
 * @param namespaces the source's namespaces that the selection means, as `selectNamespaces` tells
 * @throws LabelSeedError, SelectorTextError
 */
export function readSelection(selection: Selection, namespaces: Iterable<string>): SelectionCriteria {
  const seed = parseLabelSeed(selection.labels);
  const selectors = selection.labelSelectors.map(parseSelector);
  const isSelected = resourceTypeFilter(selection);
  const isLeft = resourceTypeFilter({ resourceTypes: [], excludeResourceTypes: selection.excludeResourceTypes });
  const selectsType = (info: ResourceInfo) => !isNeverCaptured(info) && isSelected(info);
  return {
    namespaces: new Set(namespaces),
    isPartial: selection.resourceTypes.length > 0 || seed.length > 0 || selectors.length > 0,
    includeDependencies: selection.includeDependencies,
    clusterScoped: selection.clusterScoped,
    recreatesVolumes: selection.staticVolumes === 'Recreate',
    selectsType,
    looksAtType: (info) => (selection.includeDependencies ? !isNeverCaptured(info) && isLeft(info) : selectsType(info)),
    namesType: (info) => isNamed(selection.resourceTypes, info),
    selectsLabels: (labels) =>
      matchesLabels(seed, labels) &&
      (selectors.length === 0 || selectors.some((selector) => matchesSelector(selector, labels ?? {}))),
  };
}
