import { expect, test } from '@jest/globals';
import { buildTargetClaim } from './build-target-claim.ts';

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop' },
  spec: { accessModes: ['ReadWriteOnce'] },
};

test('names the volume', () => {
  expect(buildTargetClaim(claim, 'pvc-1').spec).toEqual({ accessModes: ['ReadWriteOnce'], volumeName: 'pvc-1' });
});

test('takes the class of the volume, also the empty one', () => {
  expect(buildTargetClaim(claim, 'pvc-1', 'fast').spec).toMatchObject({ storageClassName: 'fast' });
  expect(buildTargetClaim(claim, 'pvc-1', '').spec).toMatchObject({ storageClassName: '' });
});
