import { expect, test } from '@jest/globals';
import { isAllowed, missingActions } from './azure-permissions.ts';

const WRITE = 'Microsoft.ContainerService/managedClusters/write';

test.each([
  ['a star allows all', [{ actions: ['*'] }], true],
  ['a star within', [{ actions: ['Microsoft.ContainerService/*'] }], true],
  ['a star at the beginning', [{ actions: ['*/write'] }], true],
  ['case is of no matter', [{ actions: ['microsoft.containerservice/managedclusters/WRITE'] }], true],
  ['only reading', [{ actions: ['*/read'] }], false],
  ['a dot is a dot', [{ actions: ['MicrosoftxContainerService/managedClusters/write'] }], false],
  ['what is longer is another action', [{ actions: [`${WRITE}/more`] }], false],
  ['excluded', [{ actions: ['*'], notActions: ['Microsoft.ContainerService/managedClusters/*'] }], false],
  ['excluded by one role, allowed by another', [{ actions: ['*'], notActions: ['*/write'] }, { actions: [WRITE] }], true],
  ['no role at all', [], false],
])('%s', (_, permissions, expected) => {
  expect(isAllowed(WRITE, permissions)).toBe(expected);
});

test('what is missing is named', () => {
  const needed = ['a/b/read', 'a/b/write', 'a/b/delete'];
  expect(missingActions(needed, [{ actions: ['*'], notActions: ['*/delete', '*/write'] }])).toEqual(['a/b/write', 'a/b/delete']);
});
