import { Selection } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { selectionText } from './selection-text.ts';

test.each([
  [{}, 'the full cluster'],
  [{ excludeNamespaces: ['a', 'b'] }, 'the full cluster without a and b'],
  [{ scope: 'Namespaces', namespaces: ['shop'] }, 'namespace shop'],
  [{ scope: 'Namespaces', namespaces: ['a', 'b', 'c', 'd'] }, 'namespaces a, b, c and d'],
  [{ scope: 'Namespaces', namespaces: ['a', 'b', 'c', 'd', 'e'] }, 'namespaces a, b, c and 2 more'],
  [
    { resourceTypes: ['deployments'], excludeResourceTypes: ['secrets', 'events'], labels: 'app:web' },
    'the full cluster, only deployments, no secrets or events, labelled app:web',
  ],
])('%j is told as: %s', (selection, text) => {
  expect(selectionText(Selection.parse(selection))).toBe(text);
});
