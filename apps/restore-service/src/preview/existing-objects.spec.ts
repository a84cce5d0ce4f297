import { NAMESPACE } from '@godwit/kube/resource-type';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CONFIG_MAP, StubApiServer } from '../../../../libs/kube/test/stub-api-server.ts';
import { ExistingObjects } from './existing-objects.ts';

let server: StubApiServer;

beforeEach(async () => {
  server = await StubApiServer.start();
  for (const name of ['shop', 'other']) server.put(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  server.put(CONFIG_MAP, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'there' } });
});
afterEach(() => server.stop());

const look = (...targets: string[]) => ExistingObjects.in(server.client, targets, AbortSignal.timeout(5_000));
const asked = () => server.requests.map((request) => request.replace(/\?.*/, '')).slice(1);

test('names are listed once for a kind and namespace, and only what is there is read', async () => {
  const existing = await look('shop');
  const names = ['a', 'b', 'there', 'c'];
  const found = await Promise.all(names.map((name) => existing.find(CONFIG_MAP, 'shop', name)));
  expect(found.map((object) => object?.metadata.name)).toEqual([undefined, undefined, 'there', undefined]);
  expect(asked()).toEqual(['GET /api/v1/namespaces/shop/configmaps', 'GET /api/v1/namespaces/shop/configmaps/there']);
});

test('in a namespace that is not there nothing is looked for', async () => {
  const existing = await look('shop', 'new');
  expect([existing.hasNamespace('shop'), existing.hasNamespace('new')]).toEqual([true, false]);
  expect(await existing.find(CONFIG_MAP, 'new', 'there')).toBeUndefined();
  expect(asked()).toEqual([]);
});

test('what may not be listed is asked for one by one', async () => {
  const existing = await look('shop');
  server.refuse = (_method, path) =>
    path.endsWith('/configmaps') ? { code: 403, reason: 'Forbidden', message: 'cannot list' } : undefined;
  expect((await existing.find(CONFIG_MAP, 'shop', 'there'))?.metadata.name).toBe('there');
  expect(await existing.find(CONFIG_MAP, 'shop', 'gone-by')).toBeUndefined();
});

test('for many namespaces a kind is listed once in the whole cluster', async () => {
  const names = Array.from({ length: 9 }, (_, n) => `ns-${n}`);
  for (const name of names) server.put(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const existing = await look('shop', ...names);
  await Promise.all(names.map((name) => existing.find(CONFIG_MAP, name, 'there')));
  expect((await existing.find(CONFIG_MAP, 'shop', 'there'))?.metadata.name).toBe('there');
  expect(asked()).toEqual(['GET /api/v1/configmaps', 'GET /api/v1/namespaces/shop/configmaps/there']);
});
