import { CopyOptions } from '@godwit/contracts/migration-definition';
import { expect, test } from '@jest/globals';
import { type ExposureFacts, planExposure, type VolumeToExpose } from './plan-exposure.ts';

const snapshotClasses = [{ name: 'snap', driver: 'csi.example', isDefault: true }];

function plan(volume: Partial<VolumeToExpose> = {}, copy: object = {}, facts: Partial<ExposureFacts> = {}) {
  const { exposure, findings } = planExposure(
    {
      className: 'fast',
      driver: 'csi.example',
      volumeMode: 'Filesystem',
      accessModes: ['ReadWriteOnce'],
      user: 'shop/web-1',
      ...volume,
    },
    {
      sourceCluster: 'from',
      sourceClasses: [{ name: 'fast', provisioner: 'csi.example', isDefault: false }],
      snapshotClasses,
      copy: CopyOptions.parse({ objectStoreId: '00000000-0000-4000-8000-000000000001', ...copy }),
      hasPreHooks: false,
      ...facts,
    },
  );
  return { ...exposure, findings };
}

test('a volume is read from a snapshot unless something else is asked for', () => {
  expect(plan()).toEqual({
    exposure: 'Snapshot',
    exposedReadOnly: false,
    exposedStorageClassName: 'fast',
    snapshotClassName: 'snap',
    findings: [],
  });
});

test.each([
  ['its class', { storageClasses: ['fast'] }, {}],
  ['its driver', { drivers: ['csi.example'] }, {}],
  ['Longhorn', { longhorn: true }, { driver: 'driver.longhorn.io' }],
])('a volume is read live by %s', (_by, live, volume) => {
  expect(plan(volume, { live })).toMatchObject({ exposure: 'Live', exposedReadOnly: true, snapshotClassName: '' });
});

test('other classes and drivers do not matter', () => {
  const live = { longhorn: true, storageClasses: ['slow'], drivers: ['other.example'], withoutSnapshots: true };
  expect(plan({}, { live }).exposure).toBe('Snapshot');
});

test('a live copy suggests hooks; where there are some it is only noted, and for a volume that nobody uses not even that', () => {
  const copy = { live: { storageClasses: ['fast'] } };
  expect(plan({}, copy).findings).toMatchObject([
    {
      severity: 'warning',
      reason: 'LiveCopy',
      message: expect.stringContaining('Pod shop/web-1'),
      cure: expect.stringContaining('hooks'),
    },
  ]);
  expect(plan({}, copy, { hasPreHooks: true }).findings).toMatchObject([{ severity: 'note', reason: 'LiveCopy' }]);
  expect(plan({ user: undefined }, copy).findings).toEqual([]);
});

test('a volume for one pod only cannot be read beside that pod', () => {
  const copy = { live: { storageClasses: ['fast'] } };
  const accessModes = ['ReadWriteOncePod'];
  expect(plan({ accessModes }, copy).findings).toMatchObject([{ severity: 'error', reason: 'VolumeInUse', cluster: 'from' }]);
  expect(plan({ accessModes, user: undefined }, copy).findings).toEqual([]);
});

test('a driver that would lose the disk with our object is refused, also where nobody uses the volume', () => {
  const copy = { live: { withoutSnapshots: true } };
  const driver = 'csi.vsphere.vmware.com';
  for (const user of ['shop/web-1', undefined]) {
    expect(plan({ driver, user }, copy).findings).toMatchObject([
      { severity: 'error', reason: 'LiveCopyUnsafe', cluster: 'from' },
    ]);
  }
});

test('where no snapshot can be taken a volume is read live, if that is allowed', () => {
  const live = { withoutSnapshots: true };
  expect(plan({}, { live }, { snapshotClasses: [] }).exposure).toBe('Live');
  expect(plan({ driver: '' }, { live }).exposure).toBe('Live');
  expect(plan({ driver: '' }, { live }).findings).toMatchObject([
    { message: expect.stringContaining('no snapshot can be taken') },
  ]);
  // A volume made by hand, of whose driver there is no class in which the snapshot could be read.
  expect(plan({}, { live }, { sourceClasses: [] }).exposure).toBe('Live');
});

test('where no snapshot can be taken and no live copy is allowed that is an error which says how to allow it', () => {
  for (const refused of [plan({}, {}, { snapshotClasses: [] }), plan({ driver: '' })]) {
    expect(refused).toMatchObject({ exposure: 'Snapshot' });
    expect(refused.findings).toMatchObject([
      { severity: 'error', reason: 'NoSnapshotClass', cure: expect.stringContaining('copy.live') },
    ]);
  }
});

test('a class that is asked for by a wrong name is an error all the same, and not a reason to read live', () => {
  const live = { withoutSnapshots: true };
  expect(plan({}, { live, snapshotClasses: { 'csi.example': 'gone' } })).toMatchObject({
    exposure: 'Snapshot',
    findings: [{ severity: 'error', reason: 'NoSnapshotClass' }],
  });
  expect(plan({}, { live, temporaryStorageClasses: { fast: 'gone' } }).findings).toMatchObject([
    { severity: 'error', reason: 'TemporaryClassUnfit' },
  ]);
});

test('a snapshot is only for reading where its class is named, and of CephFS; never a block volume', () => {
  const copy = { readOnlyStorageClasses: ['fast'] };
  expect(plan({}, copy).exposedReadOnly).toBe(true);
  expect(plan({ volumeMode: 'Block' }, copy).exposedReadOnly).toBe(false);
  const ceph = (driver: string) =>
    plan({ driver }, {}, { snapshotClasses: [{ name: 'snap', driver, isDefault: true }] }).exposedReadOnly;
  expect(ceph('cephfs.csi.ceph.com')).toBe(true);
  expect(ceph('rook-ceph.cephfs.csi.ceph.com')).toBe(true);
  expect(ceph('rook-ceph.rbd.csi.ceph.com')).toBe(false);
});
