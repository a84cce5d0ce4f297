import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { CopyOptions } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { planVolumes, type VolumeFacts } from './plan-volumes.ts';

const claim: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop', uid: 'u1' },
  spec: { volumeName: 'pv1', storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
};
const volume: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv1' },
  spec: { csi: { driver: 'csi.example' }, capacity: { storage: '2Gi' }, persistentVolumeReclaimPolicy: 'Retain' },
};

const copyOf = (options: object = {}) => CopyOptions.parse({ objectStoreId: '00000000-0000-4000-8000-000000000001', ...options });

function plan(facts: Partial<VolumeFacts> = {}) {
  return planVolumes({
    kind: 'Migration',
    sourceCluster: 'from',
    destinationCluster: 'to',
    claims: [claim],
    volumes: [volume],
    sourceClasses: [
      { name: 'fast', provisioner: 'csi.example', isDefault: false },
      { name: 'also', provisioner: 'csi.example', isDefault: false },
    ],
    snapshotClasses: [
      { name: 'a', driver: 'csi.example', isDefault: false },
      { name: 'b', driver: 'csi.example', isDefault: true },
    ],
    destinationClasses: [
      { name: 'fast', provisioner: 'x', isDefault: false },
      { name: 'slow', provisioner: 'x', isDefault: true },
    ],
    destinationClaims: new Map(),
    namespaces: { shop: 'store' },
    storageClasses: {},
    copy: copyOf(),
    recreatesVolumes: false,
    hasPreHooks: false,
    claimUsers: new Map(),
    ...facts,
  });
}

test('plans a volume with the larger of request and capacity, and the default snapshot class of its driver', () => {
  const { volumes, findings } = plan();
  expect(findings).toEqual([]);
  expect(volumes).toMatchObject([
    {
      targetNamespace: 'store',
      capacityBytes: 2 * 2 ** 30,
      requestedBytes: 2 ** 30,
      source: { requestedStorage: '2Gi', snapshotClassName: 'b', targetStorageClassName: 'fast', pvReclaimPolicy: 'Retain' },
    },
  ]);
});

test('maps storage classes; a claim without one gets the default', () => {
  expect(plan({ storageClasses: { fast: 'slow' } }).volumes[0]?.source.targetStorageClassName).toBe('slow');
  const classless = { ...claim, spec: { volumeName: 'pv1' } };
  expect(plan({ claims: [classless] }).volumes[0]?.source.targetStorageClassName).toBe('slow');
  expect(plan({ claims: [classless], storageClasses: { '': 'fast' } }).volumes[0]?.source.targetStorageClassName).toBe('fast');
});

test('a class that the destination has not is an error that names those it has', () => {
  expect(plan({ storageClasses: { fast: 'gone' } }).findings).toMatchObject([
    { severity: 'error', reason: 'StorageClassMissing', message: expect.stringContaining('"gone" (it has: fast, slow)') },
  ]);
});

test('a driver without snapshot class is an error', () => {
  expect(plan({ snapshotClasses: [] }).findings).toMatchObject([
    { severity: 'error', reason: 'NoSnapshotClass', object: 'PersistentVolumeClaim shop/data', cluster: 'from' },
  ]);
});

test('an unbound claim is skipped with a warning', () => {
  const unbound = { ...claim, spec: { storageClassName: 'fast' } };
  const { volumes, findings } = plan({ claims: [unbound] });
  expect(volumes[0]?.skipReason).toContain('no volume is bound');
  expect(findings).toMatchObject([{ severity: 'warning', reason: 'VolumeUnbound' }]);
});

test('a claim whose volume was not seen is an error, for it has data', () => {
  const { volumes, findings } = plan({ volumes: [] });
  expect(volumes[0]?.skipReason).toBeUndefined();
  expect(findings).toMatchObject([
    {
      severity: 'error',
      reason: 'VolumeNotSeen',
      object: 'PersistentVolumeClaim shop/data',
      cluster: 'from',
      message: expect.stringContaining('PersistentVolume pv1'),
    },
  ]);
});

test('a claim that the destination has in the target namespace is never touched', () => {
  const { volumes, findings } = plan({ destinationClaims: new Map([['store/data', {}]]) });
  expect(volumes[0]?.skipReason).toContain('store/data exists');
  expect(findings).toMatchObject([{ severity: 'warning', reason: 'VolumeExists' }]);
  expect(plan({ destinationClaims: new Map([['shop/data', {}]]) }).volumes[0]?.skipReason).toBeUndefined();
});

test.each(['Stage', 'CutOver'] as const)(
  'a claim that would be left alone is an error for a %s, which names who made it',
  (kind) => {
    const found = (facts: Partial<VolumeFacts> = {}, madeBy?: string) =>
      plan({ kind, destinationClaims: new Map([['store/data', { ...(madeBy && { madeBy }) }]]), ...facts });
    const { volumes, findings } = found({}, 'run-1');
    expect(volumes[0]?.skipReason).toBeUndefined();
    expect(findings).toMatchObject([
      {
        severity: 'error',
        reason: 'VolumeExists',
        cluster: 'to',
        object: 'PersistentVolumeClaim shop/data',
        message: expect.stringContaining('store/data exists on cluster "to", made by run run-1'),
        cure: expect.stringContaining('Roll run run-1 back, or delete that claim'),
      },
    ]);
    expect(found().findings).toMatchObject([{ severity: 'error', cure: expect.stringMatching(/^Delete that claim, or leave/) }]);
    // One whose volume is not seen has data too.
    expect(found({ volumes: [] }).findings).toMatchObject([{ severity: 'error', reason: 'VolumeExists' }]);
  },
);

test('a cut-over leaves a claim alone that has no data to move', () => {
  const share = { ...volume, spec: { nfs: { server: 'nfs.example', path: '/x' }, persistentVolumeReclaimPolicy: 'Retain' } };
  const destinationClaims = new Map([['store/data', {}]]);
  for (const { volumes, findings } of [
    plan({ kind: 'CutOver', destinationClaims, claims: [{ ...claim, spec: { storageClassName: 'fast' } }] }),
    plan({ kind: 'CutOver', destinationClaims, recreatesVolumes: true, volumes: [share] }),
  ]) {
    expect(volumes[0]?.skipReason).toContain('store/data exists');
    expect(findings).toMatchObject([{ severity: 'warning', reason: 'VolumeExists' }]);
  }
});

test('a preview warns of a claim that a migration leaves alone, and says that staged runs refuse it', () => {
  const { volumes, findings } = plan({ kind: 'Preview', destinationClaims: new Map([['store/data', {}]]) });
  expect(volumes[0]?.skipReason).toContain('store/data exists');
  expect(findings).toMatchObject([{ severity: 'warning', reason: 'VolumeExists', cure: expect.stringContaining('cut-over') }]);
});

test('a claim that the destination is just deleting is an error that says what holds it', () => {
  const { volumes, findings } = plan({
    destinationClaims: new Map([['store/data', { heldBy: ['kubernetes.io/pvc-protection'] }]]),
  });
  expect(volumes[0]?.skipReason).toBeUndefined();
  expect(findings).toMatchObject([
    {
      severity: 'error',
      reason: 'VolumeTerminating',
      cluster: 'to',
      message: expect.stringContaining('held by kubernetes.io/pvc-protection'),
    },
  ]);
});

test('a volume is exposed in its own class, or, where that is none of the source, in one of its driver', () => {
  const exposed = (spec: object, annotations?: Record<string, string>) =>
    plan({ claims: [{ ...claim, metadata: { ...claim.metadata, annotations }, spec: { volumeName: 'pv1', ...spec } }] })
      .volumes[0]?.source.exposedStorageClassName;
  expect(exposed({ storageClassName: 'fast' })).toBe('fast');
  expect(exposed({ storageClassName: '' })).toBe('also');
  expect(exposed({ storageClassName: 'made-by-hand' })).toBe('also');
  expect(exposed({}, { 'volume.beta.kubernetes.io/storage-class': 'fast' })).toBe('fast');
});

test('a driver without a storage class on the source is an error with a cure', () => {
  expect(plan({ sourceClasses: [] }).findings).toMatchObject([
    { severity: 'error', reason: 'NoStorageClass', cure: expect.stringContaining('provisioner csi.example') },
  ]);
});

test('a temporary claim gets the class that its own is mapped to, of the same driver only', () => {
  const mapped = (to: string) => {
    const sourceClasses = [
      { name: 'fast', provisioner: 'csi.example', isDefault: false },
      { name: 'cheap', provisioner: 'csi.example', isDefault: false },
      { name: 'nfs', provisioner: 'other.example', isDefault: true },
    ];
    return plan({ sourceClasses, copy: copyOf({ temporaryStorageClasses: { fast: to } }) });
  };
  expect(mapped('cheap').volumes[0]?.source.exposedStorageClassName).toBe('cheap');
  expect(mapped('cheap').findings).toEqual([]);
  expect(mapped('nfs').findings).toMatchObject([
    {
      severity: 'error',
      reason: 'TemporaryClassUnfit',
      message: expect.stringContaining('is of the driver other.example, not of csi.example'),
    },
  ]);
  expect(mapped('gone').findings).toMatchObject([
    { reason: 'TemporaryClassUnfit', message: expect.stringContaining('is not there') },
  ]);
});

test('a snapshot class may be chosen for a driver', () => {
  const chosen = (name: string) => plan({ copy: copyOf({ snapshotClasses: { 'csi.example': name } }) });
  expect(chosen('a').volumes[0]?.source.snapshotClassName).toBe('a');
  expect(chosen('gone').findings).toMatchObject([{ reason: 'NoSnapshotClass', message: expect.stringContaining('"gone"') }]);
});

test('a share is recreated where that is asked for, if nothing deletes what both clusters use; else its data is copied', () => {
  const share = (policy: string, source: object = { nfs: { server: 'nfs.example', path: '/x' } }) => ({
    ...volume,
    spec: { ...source, capacity: { storage: '2Gi' }, persistentVolumeReclaimPolicy: policy },
  });
  const planned = (recreatesVolumes: boolean, pv: KubernetesObject) =>
    plan({ recreatesVolumes, volumes: [pv], copy: copyOf({ live: { withoutSnapshots: true } }) });
  expect(planned(true, share('Retain')).volumes[0]?.skipReason).toContain('the same storage as pv1');
  expect(planned(true, share('Retain')).findings).toMatchObject([{ severity: 'warning', reason: 'VolumeShared', cluster: 'to' }]);
  for (const copied of [
    planned(false, share('Retain')),
    planned(true, share('Delete')),
    planned(true, share('Retain', { local: { path: '/x' } })),
  ]) {
    expect(copied.volumes[0]).toMatchObject({ source: { exposure: 'Live' } });
    expect(copied.volumes[0]?.skipReason).toBeUndefined();
  }
});
