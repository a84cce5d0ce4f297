import { RUN_LABEL, VOLUME_LABEL } from '@godwit/contracts/labels';
import { expect, test } from '@jest/globals';
import { type Claim, holdPatch, releasePatch, reservePatch, targetState } from './rebind-state.ts';

const claim = (metadata: object, phase?: string): Claim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', labels: { [RUN_LABEL]: 'run-1' }, ...metadata },
  spec: {},
  ...(phase ? { status: { phase } } : {}),
});

test.each([
  ['absent', undefined],
  ['foreign', claim({ labels: {} }, 'Bound')],
  ['foreign', claim({ labels: { [RUN_LABEL]: 'run-2' } }, 'Bound')],
  ['being-deleted', claim({ labels: {}, deletionTimestamp: '2026-01-01T00:00:00Z' })],
  ['being-deleted', claim({ deletionTimestamp: '2026-01-01T00:00:00Z' }, 'Bound')],
  ['waiting', claim({})],
  ['waiting', claim({}, 'Pending')],
  ['waiting', claim({}, 'Lost')],
  ['bound', claim({}, 'Bound')],
])('%s', (state, target) => {
  expect(targetState(target, 'run-1')).toBe(state);
});

test('a volume is held before its claim goes: kept without one, and found by labels', () => {
  expect(holdPatch('run-1', 'volume-1')).toEqual({
    metadata: {
      labels: { [RUN_LABEL]: 'run-1', [VOLUME_LABEL]: 'volume-1' },
      annotations: { 'godwit.io/rebinding': 'true' },
    },
    spec: { persistentVolumeReclaimPolicy: 'Retain' },
  });
});

test('a reservation forgets the claim of before', () => {
  expect(reservePatch('shop', 'data')).toEqual({
    spec: {
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: 'shop',
        name: 'data',
        uid: null,
        resourceVersion: null,
      },
    },
  });
});

test('a released volume has the labels of the source, but for its place and its runs, and the policy of the source', () => {
  const pvLabels = {
    tier: 'gold',
    'example.com/team': 'a',
    'topology.kubernetes.io/zone': 'eu-1a',
    'topology.ebs.csi.aws.com/zone': 'eu-1a',
    'failure-domain.beta.kubernetes.io/region': 'eu-1',
    [RUN_LABEL]: 'an earlier run',
  };
  expect(releasePatch({ pvLabels, pvReclaimPolicy: 'Delete' })).toEqual({
    metadata: {
      labels: { tier: 'gold', 'example.com/team': 'a', [RUN_LABEL]: null, [VOLUME_LABEL]: null },
      annotations: { 'godwit.io/rebinding': null },
    },
    spec: { persistentVolumeReclaimPolicy: 'Delete' },
  });
});
