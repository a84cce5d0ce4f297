import { expect, test } from '@jest/globals';
import type { Definition } from '../facts/facts.ts';
import { buildFacts, type } from '../testing/build-facts.ts';
import { checkDefinitions } from './check-definitions.ts';

const ours: Definition = {
  name: 'widgets.example.com',
  group: 'example.com',
  kind: 'Widget',
  plural: 'widgets',
  scope: 'Namespaced',
  servedVersions: ['v1'],
};
const present = [{ type: type('widgets', 'example.com', 'Widget'), example: 'Widget shop/blue' }];
const check = (source: Definition, destination: Definition[]) =>
  checkDefinitions(buildFacts({ source: { present, definitions: [source] }, destination: { definitions: destination } }));

test('the same definition on both sides, or a new one, is nothing to tell of', () => {
  expect(check(ours, [ours])).toEqual([]);
  expect(check(ours, [])).toEqual([]);
});

test('another scope or kind of the same name is an error', () => {
  expect(check(ours, [{ ...ours, scope: 'Cluster' }])).toMatchObject([
    { severity: 'error', reason: 'DefinitionDiffers', object: 'CustomResourceDefinition widgets.example.com' },
  ]);
  expect(check(ours, [{ ...ours, kind: 'Gadget' }])).toMatchObject([{ severity: 'error', reason: 'DefinitionDiffers' }]);
});

test('a conversion service that does not come along is a warning', () => {
  const converted = { ...ours, conversionService: { namespace: 'widgets-system', name: 'webhook' } };
  expect(check(converted, [])).toMatchObject([
    { severity: 'warning', reason: 'ConversionServiceMissing', cure: expect.stringContaining('widgets-system') },
  ]);
});
