import { expect, test } from '@jest/globals';
import { entriesWithoutType, isNamed, resourceTypeFilter } from './resource-type-filter.ts';

const TYPES = [
  { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', shortNames: ['ns'] },
  { group: '', version: 'v1', kind: 'Service', plural: 'services', shortNames: ['svc'] },
  { group: 'serving.knative.dev', version: 'v1', kind: 'Service', plural: 'services', shortNames: ['ksvc'] },
  { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', shortNames: ['deploy'] },
];

function passing(resourceTypes: string[], excludeResourceTypes: string[] = []): string[] {
  return TYPES.filter(resourceTypeFilter({ resourceTypes, excludeResourceTypes })).map(
    ({ group, plural }) => `${plural}.${group}`,
  );
}

test('without lists everything passes', () => {
  expect(passing([])).toHaveLength(4);
});

test.each(['deployments', 'Deployment', 'deploy', 'deployments.apps', 'Deployments.apps', 'deploy.apps'])(
  '%s means deployments',
  (name) => {
    expect(passing([name])).toEqual(['namespaces.', 'deployments.apps']);
  },
);

test('a name without a group means all groups, one with a group that one', () => {
  expect(passing(['services'])).toEqual(['namespaces.', 'services.', 'services.serving.knative.dev']);
  expect(passing(['services.serving.knative.dev'])).toEqual(['namespaces.', 'services.serving.knative.dev']);
  expect(passing(['services.apps'])).toEqual(['namespaces.']);
});

test('groups mean all their types, alone or by a glob', () => {
  for (const entry of ['apps', 'APPS', '*.apps']) expect(passing([entry])).toEqual(['namespaces.', 'deployments.apps']);
  for (const entry of ['core', '*.core']) expect(passing([entry])).toEqual(['namespaces.', 'services.']);
  expect(passing(['*.knative.dev'])).toEqual(['namespaces.', 'services.serving.knative.dev']);
  expect(passing(['services.core'])).toEqual(['namespaces.', 'services.']);
  expect(passing([], ['*.knative.dev', 'apps'])).toEqual(['namespaces.', 'services.']);
});

test('a type is named by its own names, not by its group', () => {
  const [, service, , deployment] = TYPES;
  expect(isNamed(['svc'], service!)).toBe(true);
  expect(isNamed(['Deployment.apps'], deployment!)).toBe(true);
  for (const entry of ['apps', '*.apps', 'services']) expect(isNamed([entry], deployment!)).toBe(false);
});

test('entries that mean nothing are found', () => {
  expect(entriesWithoutType(['svc', 'deployment', '*.apps', 'deploiments', 'svc.apps'], TYPES)).toEqual([
    'deploiments',
    'svc.apps',
  ]);
});

test('exclusions win, also over namespaces', () => {
  expect(passing(['services'], ['ksvc', 'ns'])).toEqual(['services.']);
});
