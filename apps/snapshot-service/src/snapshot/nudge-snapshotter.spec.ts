import { VOLUME_SNAPSHOT_CONTENT } from '@godwit/kube/resource-type';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StubApiServer } from '../../../../libs/kube/test/stub-api-server.ts';
import { whileNudging } from './nudge-snapshotter.ts';

const BEING_CREATED = 'snapshot.storage.kubernetes.io/volumesnapshot-being-created';

let server: StubApiServer;

beforeEach(async () => {
  server = await StubApiServer.start();
});
afterEach(() => server.stop());

function put(name: string, metadata: object): void {
  server.put(VOLUME_SNAPSHOT_CONTENT, {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotContent',
    metadata: { name, ...metadata },
  });
}

const nudgedAt = (name: string) =>
  server.get(VOLUME_SNAPSHOT_CONTENT, undefined, name)?.metadata.annotations?.['godwit.io/nudged-at'];

async function until(isSo: () => boolean): Promise<string> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  return 'over';
}

test('a content that is being deleted is touched, but not while its snapshot is being cut, or before it is deleted', async () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  put('hangs', { deletionTimestamp });
  put('in-creation', { deletionTimestamp, annotations: { [BEING_CREATED]: 'yes' } });
  put('stays', {});
  const names = ['gone', 'in-creation', 'stays', 'hangs'];
  expect(await whileNudging(server.client, names, () => until(() => nudgedAt('hangs') !== undefined), 5)).toBe('over');
  expect([nudgedAt('in-creation'), nudgedAt('stays')]).toEqual([undefined, undefined]);
});

test('nothing is asked of the cluster once the wait is over, and its failure is the answer', async () => {
  put('hangs', { deletionTimestamp: '2026-01-01T00:00:00Z' });
  const failed = until(() => server.requests.length > 3).then(() => Promise.reject(new Error('not gone')));
  await expect(whileNudging(server.client, ['hangs'], () => failed, 5)).rejects.toThrow('not gone');
  const asked = server.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(server.requests).toHaveLength(asked);
});
