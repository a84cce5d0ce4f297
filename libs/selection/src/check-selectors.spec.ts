import { RestoreTransforms, Selection } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { checkSelectors } from './check-selectors.ts';

const check = (selection: object, transforms: object = {}) =>
  checkSelectors({ selection: Selection.parse(selection), transforms: RestoreTransforms.parse(transforms) });

test('good selectors have no errors', () => {
  const match = { labelSelector: 'app in (web,api)', resourceTypes: ['deployments.apps', '*.istio.io', 'core'] };
  expect(
    check(
      { labels: 'a:b,c x:y', labelSelectors: ['app=web', '!legacy'], excludeResourceTypes: ['Secret'] },
      { replicas: [{ match, replicas: 1 }], resourceModifiers: [{ match, mergePatch: {} }] },
    ),
  ).toEqual([]);
});

test('each field that is wrong is named, with the place in its text', () => {
  const bad = { match: { labelSelector: 'app=(', resourceTypes: ['a b'] } };
  const errors = check(
    { labels: 'a', labelSelectors: ['app=web', 'app in ()'], resourceTypes: ['pods', 'no/t'], excludeResourceTypes: ['.'] },
    { replicas: [{ replicas: 1 }, { ...bad, replicas: 1 }], resourceModifiers: [{ ...bad, mergePatch: {} }] },
  );
  expect(errors.map(({ path }) => path.join('.'))).toEqual([
    'selection.labels',
    'selection.labelSelectors.1',
    'selection.resourceTypes.1',
    'selection.excludeResourceTypes.0',
    'transforms.replicas.1.match.labelSelector',
    'transforms.replicas.1.match.resourceTypes.0',
    'transforms.resourceModifiers.0.match.labelSelector',
    'transforms.resourceModifiers.0.match.resourceTypes.0',
  ]);
  expect(errors[0]?.message).toMatch(/character 2: .* has no ":"/);
  expect(errors[1]?.message).toMatch(/character 9: .* is empty/);
});
