import { expect, test } from '@jest/globals';
import { amiTypeOf } from './ami-type.ts';

test.each([
  ['m6i.large', 'AL2023_x86_64_STANDARD'],
  ['g4dn.xlarge', 'AL2023_x86_64_STANDARD'],
  ['m7g.large', 'AL2023_ARM_64_STANDARD'],
  ['c6gn.16xlarge', 'AL2023_ARM_64_STANDARD'],
  ['g5g.xlarge', 'AL2023_ARM_64_STANDARD'],
  ['a1.medium', 'AL2023_ARM_64_STANDARD'],
])('%s gets %s', (instanceType, amiType) => {
  expect(amiTypeOf([instanceType])).toBe(amiType);
});
