import { expect, test } from '@jest/globals';
import { apiWarnings } from './api-warnings.ts';

test('warnings are read with what is quoted in them', () => {
  expect(apiWarnings('299 - "unknown field \\"spec.a\\"", 299 - "a, b and c:\\\\d"')).toEqual([
    'unknown field "spec.a"',
    'a, b and c:\\d',
  ]);
  expect(apiWarnings(['299 - "first"', '299 kube-apiserver "second"'])).toEqual(['first', 'second']);
});

test('most answers have none', () => {
  expect(apiWarnings(undefined)).toEqual([]);
  expect(apiWarnings('110 - "Response is stale"')).toEqual([]);
});
