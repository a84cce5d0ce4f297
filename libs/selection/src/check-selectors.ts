import type { MigrationDefinition, ObjectMatch, Selection } from '@godwit/contracts/migration-definition';
import type { FieldError } from '@godwit/contracts/problem-details';
import { LabelSeedError, parseLabelSeed } from './label-seed.ts';
import { parseSelector, SelectorTextError } from './selector-text.ts';

const RESOURCE_TYPE = /^[a-z0-9*?]([-a-z0-9.*?]*[a-z0-9*?])?$/i;

/**
 * What is wrong with the selectors of a definition, which its schema takes as any text: each field with its path and, for
 * selectors, the place in the text.
 */
export function checkSelectors({ selection, transforms }: Pick<MigrationDefinition, 'selection' | 'transforms'>): FieldError[] {
  return [
    ...checkSelection(selection, ['selection']),
    ...transforms.replicas.flatMap(({ match }, index) => checkMatch(match, ['transforms', 'replicas', index, 'match'])),
    ...transforms.resourceModifiers.flatMap(({ match }, index) =>
      checkMatch(match, ['transforms', 'resourceModifiers', index, 'match']),
    ),
  ];
}

/** @param at path of the selection within the body */
export function checkSelection(selection: Selection, at: FieldError['path'] = []): FieldError[] {
  return [
    ...checkText(() => parseLabelSeed(selection.labels), [...at, 'labels']),
    ...selection.labelSelectors.flatMap((text, index) => checkText(() => parseSelector(text), [...at, 'labelSelectors', index])),
    ...checkTypes(selection.resourceTypes, [...at, 'resourceTypes']),
    ...checkTypes(selection.excludeResourceTypes, [...at, 'excludeResourceTypes']),
  ];
}

function checkMatch(match: ObjectMatch, at: FieldError['path']): FieldError[] {
  return [
    ...checkText(() => parseSelector(match.labelSelector), [...at, 'labelSelector']),
    ...checkTypes(match.resourceTypes, [...at, 'resourceTypes']),
  ];
}

function checkText(parse: () => unknown, path: FieldError['path']): FieldError[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (error instanceof LabelSeedError || error instanceof SelectorTextError) return [{ path, message: error.message }];
    throw error;
  }
}

function checkTypes(entries: readonly string[], at: FieldError['path']): FieldError[] {
  return entries.flatMap((entry, index) =>
    RESOURCE_TYPE.test(entry)
      ? []
      : [{ path: [...at, index], message: `"${entry}" is neither the name of a resource type or group nor a glob of them` }],
  );
}
