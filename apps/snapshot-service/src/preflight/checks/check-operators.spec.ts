import { expect, test } from '@jest/globals';
import type { Controller, Definition } from '../facts/facts.ts';
import { controlled } from '../facts/observe-controllers.ts';
import { buildFacts, type } from '../testing/build-facts.ts';
import { checkOperators } from './check-operators.ts';

const certificates: Definition = {
  name: 'certificates.cert-manager.io',
  group: 'cert-manager.io',
  kind: 'Certificate',
  plural: 'certificates',
  scope: 'Namespaced',
  servedVersions: ['v1'],
};
const present = [{ type: type('certificates', 'cert-manager.io', 'Certificate'), example: 'Certificate shop/web' }];
/** As the ClusterRole of cert-manager's chart has it. */
const RULES = [
  {
    apiGroups: ['cert-manager.io'],
    resources: ['certificates', 'certificates/status', 'certificaterequests', 'certificaterequests/status'],
    verbs: ['update', 'patch'],
  },
  { apiGroups: ['cert-manager.io'], resources: ['certificates', 'issuers'], verbs: ['get', 'list', 'watch'] },
];
const manager: Controller = { account: 'cert-manager/cert-manager', writes: controlled(RULES) };
const check = (source: object, destination: object = {}) =>
  checkOperators(buildFacts({ source: { present, definitions: [certificates], ...source }, destination }));

test('a controller is known by the statuses that it may write', () => {
  expect(controlled(RULES)).toEqual(['certificates.cert-manager.io', 'certificaterequests.cert-manager.io']);
  expect(controlled([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }])).toEqual([]);
  expect(controlled([{ apiGroups: ['example.com'], resources: ['*'], verbs: ['*'] }])).toEqual(['*.example.com']);
  expect(controlled([{ apiGroups: ['example.com'], resources: ['widgets'], verbs: ['create', 'update'] }])).toEqual([]);
});

test('an operator that stays on the source is named, with its namespace', () => {
  expect(check({ controllers: [manager] })).toMatchObject([
    {
      severity: 'warning',
      reason: 'OperatorNotSeen',
      object: 'Certificate shop/web',
      message: expect.stringContaining('ServiceAccount cert-manager/cert-manager'),
      cure: expect.stringContaining('select namespace cert-manager too'),
    },
  ]);
});

test('an operator that is selected, or runs on the destination, is nothing to tell of', () => {
  const namespaces = new Map([['cert-manager', { name: 'cert-manager', labels: {}, terminating: false, holds: [] }]]);
  expect(check({ controllers: [manager], namespaces })).toEqual([]);
  expect(check({ controllers: [manager] }, { controllers: [manager], definitions: [certificates] })).toEqual([]);
});

test('where no controller is seen anywhere it is a note, unless the destination has the kind already', () => {
  expect(check({})).toMatchObject([{ severity: 'note', reason: 'OperatorNotSeen' }]);
  expect(check({}, { definitions: [certificates] })).toEqual([]);
});
