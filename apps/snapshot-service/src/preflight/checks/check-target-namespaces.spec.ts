import { expect, test } from '@jest/globals';
import { buildFacts, namespacesOf } from '../testing/build-facts.ts';
import { checkTargetNamespaces } from './check-target-namespaces.ts';

const check = (namespace: { metadata: object; status?: object }, transforms: object = {}) =>
  checkTargetNamespaces(buildFacts({ definition: { transforms }, destination: { namespaces: namespacesOf(namespace) } }));

test('a namespace that is there is a note, and with overwriting a warning', () => {
  expect(check({ metadata: { name: 'shop' } })).toEqual([]);
  expect(check({ metadata: { name: 'store' } })).toMatchObject([
    { severity: 'note', reason: 'NamespaceExists', object: 'Namespace store', message: expect.stringContaining('(from shop)') },
  ]);
  expect(check({ metadata: { name: 'store' } }, { overwriteExisting: true })).toMatchObject([{ severity: 'warning' }]);
});

test('the default namespace is no news', () => {
  const facts = {
    namespaces: { default: 'default' },
    destination: { namespaces: namespacesOf({ metadata: { name: 'default' } }) },
  };
  expect(checkTargetNamespaces(buildFacts(facts))).toEqual([]);
});

test('a namespace that is ending is an error that says what holds it (rule 18)', () => {
  const message = 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances';
  const status = {
    phase: 'Terminating',
    conditions: [
      { type: 'NamespaceDeletionDiscoveryFailure', status: 'False', message: 'All resources successfully discovered' },
      { type: 'NamespaceFinalizersRemaining', status: 'True', message },
    ],
  };
  expect(check({ metadata: { name: 'store', deletionTimestamp: '2026-01-01T00:00:00Z' }, status })).toMatchObject([
    { severity: 'error', reason: 'NamespaceTerminating', message: `it is being deleted on cluster "to": ${message}` },
  ]);
});
