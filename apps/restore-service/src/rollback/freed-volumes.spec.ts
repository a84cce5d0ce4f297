import { PERSISTENT_VOLUME } from '@godwit/kube/resource-type';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StubApiServer } from '../../../../libs/kube/test/stub-api-server.ts';
import { awaitFreedVolumes } from './freed-volumes.ts';

let server: StubApiServer;

beforeEach(async () => {
  server = await StubApiServer.start();
});
afterEach(() => server.stop());

function put(name: string, uid: string, persistentVolumeReclaimPolicy: string): void {
  const spec = { claimRef: { uid }, persistentVolumeReclaimPolicy };
  server.put(PERSISTENT_VOLUME, { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec });
}

const freed = (...claims: string[]) => awaitFreedVolumes(server.client, new Set(claims), AbortSignal.timeout(10_000));

test('volumes that are to be deleted are waited for, those that are to be kept are told of, others are no matter', async () => {
  put('kept', 'claim-1', 'Retain');
  put('going', 'claim-2', 'Delete');
  put('of-others', 'claim-3', 'Delete');
  setTimeout(() => server.remove(PERSISTENT_VOLUME, undefined, 'going'), 300);
  const findings = await freed('claim-1', 'claim-2');
  expect(findings.map(({ reason, object }) => `${reason} ${object}`)).toEqual(['VolumeKept PersistentVolume kept']);
});

test('without a deleted claim nothing is asked', async () => {
  expect(await freed()).toEqual([]);
  expect(server.requests).toEqual([]);
});
