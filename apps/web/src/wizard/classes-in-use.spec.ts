import { expect, test } from '@jest/globals';
import { classesInUse } from './classes-in-use.ts';

const namespace = (name: string, ...storageClasses: string[]) => ({
  name,
  isSystem: false,
  pods: 0,
  volumes: storageClasses.length,
  volumeBytes: 0,
  storageClasses,
});

const namespaces = [namespace('shop', 'fast', 'slow'), namespace('shop-test', 'cheap'), namespace('kube-system', 'own')];
const selection = { scope: 'Namespaces' as const, namespaces: ['shop*'], excludeNamespaces: [] };

test('classes are those of claims in the selected namespaces', () => {
  expect(classesInUse(namespaces, selection)).toEqual(['cheap', 'fast', 'slow']);
  expect(classesInUse(namespaces, { ...selection, namespaces: ['shop'] })).toEqual(['fast', 'slow']);
  expect(classesInUse(namespaces, { scope: 'FullCluster', namespaces: [], excludeNamespaces: ['shop'] })).toEqual(['cheap']);
  expect(classesInUse([], selection)).toEqual([]);
});
