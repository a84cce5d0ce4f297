import type { AMITypes } from '@aws-sdk/client-eks';

/** Instance types of Graviton: a `g` after the generation, and the first ones (`a1`). */
const GRAVITON = /^([a-z]+\d+g[a-z]*|a1)\./;

/** @returns the image of nodes for the architecture of instance types, which is the same for all of a pool */
export function amiTypeOf([instanceType = '']: readonly string[]): AMITypes {
  return GRAVITON.test(instanceType) ? 'AL2023_ARM_64_STANDARD' : 'AL2023_x86_64_STANDARD';
}
