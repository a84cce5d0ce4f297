import { expect, test } from '@jest/globals';
import { holderOf, stagedAgainPatch } from './volume-holder.ts';

const PROVISIONED = { 'pv.kubernetes.io/provisioned-by': 'csi.example' };
const volume = (namespace: string, annotations: Record<string, string> = PROVISIONED) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv', annotations },
  spec: { claimRef: { namespace, name: 'data', uid: '1' } },
});
const claim = (namespace: string, metadata: object = {}, volumeName = 'pv') => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { namespace, name: 'data', uid: '1', ...metadata },
  spec: { volumeName },
});
const STAGED = { labels: { 'godwit.io/migration': 'm' } };

test('a volume whose staged claim is still there stays that of the claim', () => {
  expect(holderOf(volume('godwit-system'), claim('godwit-system', STAGED))).toBe('staged');
});

test.each([
  ['of a run', claim('godwit-system')],
  ['of the same name', claim('godwit-system', { ...STAGED, uid: '2' })],
  ['that is being deleted', claim('godwit-system', { ...STAGED, deletionTimestamp: '2026-01-01T00:00:00Z' })],
  ['that is gone', undefined],
])("a volume of a claim of ours %s is nobody's", (_, found) => {
  expect(holderOf(volume('godwit-system'), found)).toBe('nobody');
});

test("a volume is the user's as soon as their claim has taken it", () => {
  expect(holderOf(volume('shop'), claim('shop'))).toBe('user');
  expect(holderOf(volume('shop'), claim('shop', {}, 'another'))).toBe('nobody');
  expect(holderOf(volume('shop'), undefined)).toBe('nobody');
});

test('a staged volume goes with its claim again, unless somebody made it by hand', () => {
  const metadata = {
    labels: { 'godwit.io/run': null, 'godwit.io/volume': null },
    annotations: { 'godwit.io/rebinding': null },
  };
  expect(stagedAgainPatch(volume('godwit-system'))).toEqual({ metadata, spec: { persistentVolumeReclaimPolicy: 'Delete' } });
  expect(stagedAgainPatch(volume('godwit-system', {}))).toEqual({ metadata });
});
