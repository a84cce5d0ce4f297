import { expect, test } from '@jest/globals';
import { type } from '../testing/build-facts.ts';
import { allows } from './review-access.ts';

const deployments = { type: type('deployments', 'apps', 'Deployment'), verb: 'create' };
const rule = (verbs: string[], apiGroups: string[], resources: string[], resourceNames?: string[]) => ({
  resourceRules: [{ verbs, apiGroups, resources, resourceNames }],
});

test.each([
  [rule(['create', 'get'], ['apps'], ['deployments']), true],
  [rule(['*'], ['*'], ['*']), true],
  [rule(['get', 'list'], ['apps'], ['deployments']), false],
  [rule(['create'], [''], ['deployments']), false],
  [rule(['create'], ['apps'], ['deployments/scale']), false],
  [rule(['create'], ['apps'], ['deployments'], ['web']), false],
])('%j', (review, allowed) => {
  expect(allows(review, deployments)).toBe(allowed);
});
