import { expect, test } from '@jest/globals';
import { isSecondHandle, mayBeDeleted } from './temporary-volume.ts';

function volume(namespace: string | undefined, annotations?: Record<string, string>) {
  const claimRef = namespace ? { namespace, name: 'claim', uid: '1' } : undefined;
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv', annotations }, spec: { claimRef } };
}

const PROVISIONED = { 'pv.kubernetes.io/provisioned-by': 'csi.example' };

test('a volume that was made for a claim of ours is ours', () => {
  expect(mayBeDeleted(volume('godwit-system', PROVISIONED))).toBe(true);
});

test("the user's volume is not, nor one that nobody claims, nor one made by hand", () => {
  expect(mayBeDeleted(volume('shop', PROVISIONED))).toBe(false);
  expect(mayBeDeleted(volume(undefined, PROVISIONED))).toBe(false);
  expect(mayBeDeleted(volume('godwit-system'))).toBe(false);
});

test("a second handle on a user's volume is deleted without its storage, whatever else it bears", () => {
  const exposes = { 'godwit.io/exposes': 'pvc-1' };
  expect(isSecondHandle(volume('godwit-system', exposes))).toBe(true);
  expect(mayBeDeleted(volume('godwit-system', { ...PROVISIONED, ...exposes }))).toBe(false);
  expect(isSecondHandle(volume('shop', exposes))).toBe(false);
  expect(isSecondHandle(volume('godwit-system', PROVISIONED))).toBe(false);
});
