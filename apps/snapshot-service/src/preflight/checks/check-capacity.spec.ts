import { expect, test } from '@jest/globals';
import { buildFacts, volume } from '../testing/build-facts.ts';
import { checkCapacity } from './check-capacity.ts';

const GI = 2 ** 30;
const rooms = (...sizes: number[]) => ({ capacities: sizes.map((size) => ({ storageClassName: 'fast', capacity: size * GI })) });

test('volumes that fit, or of whose driver nothing is known, are nothing to tell of', () => {
  expect(checkCapacity(buildFacts({ volumes: [volume()] }))).toEqual([]);
  expect(checkCapacity(buildFacts({ volumes: [volume()], destination: rooms(5, 12) }))).toEqual([]);
});

test('a volume larger than any room is an error', () => {
  expect(checkCapacity(buildFacts({ volumes: [volume()], destination: rooms(5, 8) }))).toMatchObject([
    {
      severity: 'error',
      reason: 'VolumeTooLarge',
      object: 'PersistentVolumeClaim shop/data',
      message: expect.stringMatching(/10Gi.*8Gi/),
    },
  ]);
});

test('volumes that together ask for more than there is are a warning', () => {
  const volumes = [volume(), volume({}, { name: 'logs' })];
  expect(checkCapacity(buildFacts({ volumes, destination: rooms(15) }))).toMatchObject([
    { severity: 'warning', reason: 'StorageFull', object: 'StorageClass fast' },
  ]);
});

test('the largest volume that a driver states counts, else its capacity; what states neither tells nothing', () => {
  const found = (...capacities: object[]) =>
    checkCapacity(
      buildFacts({
        volumes: [volume()],
        destination: { capacities: capacities.map((capacity) => ({ storageClassName: 'fast', ...capacity })) },
      }),
    ).map(({ reason }) => reason);
  expect(found({ maximumVolumeSize: 12 * GI })).toEqual([]);
  expect(found({ maximumVolumeSize: 8 * GI })).toEqual(['VolumeTooLarge']);
  expect(found({ capacity: 100 * GI, maximumVolumeSize: 8 * GI })).toEqual(['VolumeTooLarge']);
  expect(found({})).toEqual([]);
});
