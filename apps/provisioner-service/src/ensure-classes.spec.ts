import type { CloudClusterType } from '@godwit/contracts/destination';
import { STORAGE_CLASS, VOLUME_SNAPSHOT_CLASS } from '@godwit/kube/resource-type';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { StubApiServer } from '../../../libs/kube/test/stub-api-server.ts';
import { ensureClasses } from './ensure-classes.ts';

const STORAGE_DEFAULT = { 'storageclass.kubernetes.io/is-default-class': 'true' };
const SNAPSHOT_DEFAULT = { 'snapshot.storage.kubernetes.io/is-default-class': 'true' };
const signal = new AbortController().signal;

let stub: StubApiServer;

beforeEach(async () => {
  stub = await StubApiServer.start();
});
afterEach(() => stub.stop());

const storageClass = (name: string, annotations = {}) =>
  stub.put(STORAGE_CLASS, {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner: 'x',
  } as never);

test.each<[CloudClusterType, string, string]>([
  ['EKS', 'gp3', 'ebs.csi.aws.com'],
  ['AKS', 'managed-csi', 'disk.csi.azure.com'],
  ['GKE', 'standard-rwo', 'pd.csi.storage.gke.io'],
])('a cluster of %s without defaults gets them, once', async (type, name, driver) => {
  storageClass('other');
  expect(await ensureClasses(stub.client, type, signal)).toEqual([`StorageClass ${name}`, `VolumeSnapshotClass ${name}`]);
  expect(stub.get(STORAGE_CLASS, undefined, name)).toMatchObject({
    metadata: { annotations: STORAGE_DEFAULT, labels: { 'app.kubernetes.io/managed-by': 'godwit' } },
    provisioner: driver,
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  expect(stub.get(VOLUME_SNAPSHOT_CLASS, undefined, name)).toMatchObject({
    metadata: { annotations: SNAPSHOT_DEFAULT },
    driver,
    deletionPolicy: 'Delete',
  });
  expect(await ensureClasses(stub.client, type, signal)).toEqual([]);
});

test('defaults that are there are left alone', async () => {
  storageClass('fast', STORAGE_DEFAULT);
  expect(await ensureClasses(stub.client, 'EKS', signal)).toEqual(['VolumeSnapshotClass gp3']);
  expect(stub.get(STORAGE_CLASS, undefined, 'gp3')).toBeUndefined();
});

test('where snapshots are not served none of their classes is made; what is refused is an error', async () => {
  const refuse = (code: number) => (_method: string, path: string) =>
    path.includes('volumesnapshotclasses') ? { code, reason: 'No', message: 'no' } : undefined;
  stub.refuse = refuse(404);
  expect(await ensureClasses(stub.client, 'EKS', signal)).toEqual(['StorageClass gp3']);
  stub.refuse = refuse(403);
  await expect(ensureClasses(stub.client, 'EKS', signal)).rejects.toThrow(/no/);
});
