import { expect, test } from '@jest/globals';
import { isAtLeast, parseVersion, showVersion } from './version.ts';

test.each([
  ['go version go1.26.8 linux/amd64', [1, 26, 8]],
  ['go version go1.27rc1 linux/amd64', [1, 27, 0]],
  ['cargo 1.91.0 (ea2d97820 2026-10-10)', [1, 91, 0]],
  ['pip 23.2.1 from /usr/lib/python3.11/site-packages/pip (python 3.11)', [23, 2, 1]],
  ['Python 3.11.7', [3, 11, 7]],
  ['v24.21.0', [24, 21, 0]],
])('finds the version in %j', (output, version) => {
  expect(parseVersion(output)).toEqual(version);
});

test('finds none where there is none', () => {
  expect(parseVersion('command not found')).toBeUndefined();
});

test.each([
  [[1, 26, 0], [1, 26, 0], true],
  [[1, 26, 8], [1, 26, 0], true],
  [[2, 0, 0], [1, 26, 5], true],
  [[1, 9, 9], [1, 26, 0], false],
  [[1, 25, 99], [1, 26, 0], false],
] as const)('%j is at least %j: %s', (found, wanted, answer) => {
  expect(isAtLeast(found, wanted)).toBe(answer);
});

test('shows a patch level only where there is one', () => {
  expect([showVersion([1, 26, 0]), showVersion([3, 11, 7])]).toEqual(['1.26', '3.11.7']);
});
