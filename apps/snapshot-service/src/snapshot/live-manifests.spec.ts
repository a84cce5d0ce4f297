import { expect, test } from '@jest/globals';
import { mayBeDeleted } from '../cleanup/temporary-volume.ts';
import { buildLiveClaim, buildLiveVolume, type SourceVolume } from './live-manifests.ts';

const original: SourceVolume = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: {
    name: 'pvc-1',
    uid: 'u',
    labels: { tier: 'gold' },
    annotations: { 'pv.kubernetes.io/provisioned-by': 'csi.example', 'pv.kubernetes.io/bound-by-controller': 'yes' },
    finalizers: ['kubernetes.io/pv-protection', 'external-provisioner.volume.kubernetes.io/finalizer'],
  },
  spec: {
    capacity: { storage: '2Gi' },
    accessModes: ['ReadWriteOnce'],
    volumeMode: 'Filesystem',
    persistentVolumeReclaimPolicy: 'Delete',
    storageClassName: 'fast',
    volumeAttributesClassName: 'gold',
    mountOptions: ['noatime'],
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }] } },
    claimRef: { uid: 'claim-uid' },
    csi: {
      driver: 'csi.example',
      volumeHandle: 'vol-1',
      fsType: 'ext4',
      volumeAttributes: { share: 'x' },
      nodeStageSecretRef: { name: 's', namespace: 'storage' },
      controllerPublishSecretRef: { name: 's', namespace: 'storage' },
    },
  },
};
const volume = { id: 'v1', namespace: 'shop' };

test('the second volume is for the same storage, mounted alike, and nothing would delete that storage with it', () => {
  const second = buildLiveVolume('run-1', volume, original) as SourceVolume;
  const { csi, mountOptions, nodeAffinity, accessModes, capacity, volumeMode } = original.spec;
  expect(second).toEqual({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: 'godwit-v1',
      labels: expect.objectContaining({ 'godwit.io/run': 'run-1', 'godwit.io/volume': 'v1' }),
      annotations: { 'godwit.io/exposes': 'pvc-1' },
    },
    spec: {
      ...{ csi, mountOptions, nodeAffinity, accessModes, capacity, volumeMode },
      storageClassName: '',
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'godwit-system', name: 'godwit-v1' },
    },
  });
  expect(mayBeDeleted(second as never)).toBe(false);
});

test('our claim names its volume and no class, so that no provisioner makes another one', () => {
  expect(buildLiveClaim('run-1', volume, original)).toMatchObject({
    metadata: { name: 'godwit-v1', namespace: 'godwit-system' },
    spec: {
      volumeName: 'godwit-v1',
      storageClassName: '',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '2Gi' } },
    },
  });
});

test('a Secret that is looked for beside the claim is found from our namespace', () => {
  const { csi: _, ...rest } = original.spec;
  const live = (source: object) => buildLiveVolume('run-1', volume, { ...original, spec: { ...rest, ...source } }).spec;
  expect(live({ iscsi: { secretRef: { name: 'chap' } } })).toMatchObject({
    iscsi: { secretRef: { name: 'chap', namespace: 'shop' } },
  });
  expect(live({ azureFile: { secretName: 'key', shareName: 'x' } })).toMatchObject({ azureFile: { secretNamespace: 'shop' } });
  expect(live({ azureFile: { secretName: 'key', secretNamespace: 'other' } })).toMatchObject({
    azureFile: { secretNamespace: 'other' },
  });
  expect(live({ nfs: { server: 'nfs.example', path: '/x' } })).toMatchObject({ nfs: { server: 'nfs.example', path: '/x' } });
});
