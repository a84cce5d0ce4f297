import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { expect, test } from '@jest/globals';
import { clientOf, PagedApi } from '../../../test/paged-api.ts';
import { volumesOf } from './volumes-of.ts';

const claim = (name: string, volumeName?: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'shop' },
  spec: { volumeName },
});
const volume = (name: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } });

/** @param answers by the name of the volume that is read; others are not there */
async function find(
  claims: KubernetesObject[],
  listed: KubernetesObject[],
  answers: Record<string, { status: number; body: object }>,
) {
  const api = await PagedApi.start({}, ({ pathname }) => answers[pathname.replace('/api/v1/persistentvolumes/', '')]);
  const client = clientOf(api.url);
  try {
    const found = await volumesOf(client, claims, listed, AbortSignal.timeout(10_000));
    return { names: found.map(({ metadata }) => metadata.name), reads: api.requests.length };
  } finally {
    await client.close();
    await api.stop();
  }
}

test('of the volumes listed those are taken that claims name; one that was made meanwhile is read by its name', async () => {
  const claims = [claim('a', 'pv-a'), claim('late', 'pv-late'), claim('unbound'), claim('lost', 'pv-lost')];
  const answers = { 'pv-late': { status: 200, body: volume('pv-late') } };
  expect(await find(claims, [volume('pv-a'), volume('pv-other')], answers)).toEqual({ names: ['pv-a', 'pv-late'], reads: 2 });
});

test('volumes that may not be read stay unseen, and are not asked for one by one', async () => {
  const forbidden = { status: 403, body: { reason: 'Forbidden', message: 'no' } };
  expect(await find([claim('a', 'pv-a'), claim('b', 'pv-b')], [], { 'pv-a': forbidden, 'pv-b': forbidden })).toEqual({
    names: [],
    reads: 1,
  });
});
