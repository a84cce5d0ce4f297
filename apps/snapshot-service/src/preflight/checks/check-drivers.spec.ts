import { expect, test } from '@jest/globals';
import { buildFacts, node, volume } from '../testing/build-facts.ts';
import { checkDrivers } from './check-drivers.ts';

const ebs = { name: 'gp3', provisioner: 'ebs.csi.aws.com', isDefault: true, parameters: {}, allowedTopologies: {} };
const onEbs = { storageClasses: [ebs], csiDrivers: new Set(['ebs.csi.aws.com']), csiNodeDrivers: new Set(['ebs.csi.aws.com']) };

test('a volume of the same driver on both sides is nothing to tell of', () => {
  expect(checkDrivers(buildFacts({ volumes: [volume({ accessModes: ['ReadWriteMany'] })] }))).toEqual([]);
});

test('a driver that is not registered, or runs on no node, is a warning', () => {
  const nowhere = { csiDrivers: new Set<string>(), csiNodeDrivers: new Set<string>() };
  expect(checkDrivers(buildFacts({ volumes: [volume()], destination: nowhere }))).toMatchObject([
    { severity: 'warning', reason: 'DriverNotSeen', object: 'PersistentVolumeClaim shop/data' },
  ]);
  expect(checkDrivers(buildFacts({ volumes: [volume()], destination: { csiNodeDrivers: new Set() } }))).toMatchObject([
    { severity: 'warning', reason: 'DriverOnNoNode' },
  ]);
});

test('what a known driver cannot do is a warning, and what is not known a note', () => {
  const shared = volume({ accessModes: ['ReadWriteMany'], targetStorageClassName: 'gp3' });
  expect(checkDrivers(buildFacts({ volumes: [shared], destination: onEbs }))).toMatchObject([
    { severity: 'warning', reason: 'VolumeModeUnsupported', message: expect.stringContaining('ReadWriteMany') },
  ]);
  const raw = volume({ accessModes: ['ReadWriteMany'], volumeMode: 'Block', targetStorageClassName: 'gp3' });
  expect(checkDrivers(buildFacts({ volumes: [raw], destination: onEbs }))).toMatchObject([
    { severity: 'note', reason: 'AccessModeUnknown' },
  ]);
  const nfs = { ...ebs, name: 'nfs', provisioner: 'nfs.csi.k8s.io' };
  const block = volume({ volumeMode: 'Block', targetStorageClassName: 'nfs' });
  const destination = { ...onEbs, storageClasses: [nfs], csiDrivers: undefined };
  expect(checkDrivers(buildFacts({ volumes: [block], destination }))).toMatchObject([
    { reason: 'VolumeModeUnsupported', message: expect.stringContaining('block volume') },
  ]);
});

test('a class whose zones have no node is an error', () => {
  const zoned = { ...ebs, allowedTopologies: { 'topology.kubernetes.io/zone': ['eu-west-1a', 'eu-west-1b'] } };
  const at = (zone: string) => ({
    ...onEbs,
    storageClasses: [zoned],
    nodes: [node('n', { 'topology.kubernetes.io/zone': zone })],
  });
  const volumes = [volume({ targetStorageClassName: 'gp3' })];
  expect(checkDrivers(buildFacts({ volumes, destination: at('eu-west-1b') }))).toEqual([]);
  expect(checkDrivers(buildFacts({ volumes, destination: at('eu-central-1a') }))).toMatchObject([
    { severity: 'error', reason: 'TopologyNowhere', message: expect.stringContaining('eu-west-1a or eu-west-1b') },
  ]);
});

test('a volume that is not moved is not judged', () => {
  const skipped = volume({}, { skipReason: 'it exists' });
  expect(checkDrivers(buildFacts({ volumes: [skipped], destination: { csiDrivers: new Set() } }))).toEqual([]);
});
