import type { VolumeView } from '@godwit/contracts/api';
import { expect, test } from '@jest/globals';
import { orderVolumes } from './volume-order.ts';

test('what moves comes first, then what waits, what is done and what stays; each by its name', () => {
  const moving = { bytesDone: 1, filesDone: 1, storedBytes: 1 };
  const volume = (name: string, more: Partial<VolumeView> = {}): VolumeView => ({
    id: name,
    namespace: 'shop',
    name,
    targetNamespace: 'shop',
    capacityBytes: 1,
    ...more,
  });
  const done = { copy: moving, restore: { ...moving, finishedAt: '2026-03-01T12:00:00Z' } };
  const volumes = [volume('stays', { skipReason: 'x' }), volume('done', done), volume('waits-b'), volume('waits-a')];
  const ordered = orderVolumes([...volumes, volume('moves', { copy: moving })]);
  expect(ordered.map(({ name }) => name)).toEqual(['moves', 'waits-a', 'waits-b', 'done', 'stays']);
});
