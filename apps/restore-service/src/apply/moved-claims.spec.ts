import type { VolumeSource } from '@godwit/contracts/volume-source';
import type { RunVolume } from '@godwit/db/volume-store';
import { expect, test } from '@jest/globals';
import { movedClaims, movedVolumeOf } from './moved-claims.ts';

const volume = (id: string, name: string, more: Partial<RunVolume> = {}): RunVolume => ({
  id,
  runId: 'run-1',
  namespace: 'shop',
  name,
  targetNamespace: 'shop-new',
  capacityBytes: 1,
  source: { pvName: `pv-${id}` } as VolumeSource,
  ...more,
});
const moved = movedClaims(
  [volume('1', 'data'), volume('2', 'cache', { skipReason: 'no snapshots' }), volume('3', 'lost')],
  new Map([
    ['1', { claimName: 'restore-1' }],
    ['2', { claimName: 'restore-2' }],
  ]),
);
const planned = (apiVersion: string, kind: string, name: string) => ({
  manifest: { apiVersion, kind, metadata: { namespace: 'shop-new', name } },
  source: { namespace: 'shop', name, ownerReferences: [] },
});

test('a claim takes over its volume, found by its name on the source', () => {
  expect(movedVolumeOf(planned('v1', 'PersistentVolumeClaim', 'data'), moved)).toMatchObject({ id: '1', claimName: 'restore-1' });
});

test('no claim takes over what was skipped or has no restored data', () => {
  expect(movedVolumeOf(planned('v1', 'PersistentVolumeClaim', 'cache'), moved)).toBeUndefined();
  expect(movedVolumeOf(planned('v1', 'PersistentVolumeClaim', 'lost'), moved)).toBeUndefined();
});

test('an object of another kind and the same name takes over nothing', () => {
  expect(movedVolumeOf(planned('v1', 'ConfigMap', 'data'), moved)).toBeUndefined();
  expect(movedVolumeOf(planned('example.com/v1', 'PersistentVolumeClaim', 'data'), moved)).toBeUndefined();
});
