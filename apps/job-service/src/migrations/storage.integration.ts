import type { ManagedStore } from '@godwit/contracts/managed-storage';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { RunStore } from '@godwit/db/run-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { objectStore } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;

beforeAll(async () => {
  service = await startTestApp(20, { managedStorage: [managed('aws', 'eu-central-1'), managed('local', 'cellar')] });
  api = new Api(service.url);
});
afterAll(() => service.stop());

const managed = (provider: string, region: string): ManagedStore => ({
  ...ObjectStoreConfig.parse({ ...objectStore(''), name: undefined, bucket: 'of-the-operator' }),
  provider,
  region,
});
const inherits = (name: string, registered: Registered) => ({ ...migration(name, registered), copy: {} });
const inStore = (objectStoreId: string) => ({ type: 'ObjectStore', objectStoreId });
const prefer = (cluster: string, storage: object | null) => api.patch(`/clusters/${cluster}`, { preferences: { storage } });
const storageOf = async (runId: string) => (await service.app.get(RunStore, { strict: false }).get(runId)).storage;

test('a migration inherits the storage of its source cluster, as it is when a run begins', async () => {
  const registered = await api.register('inherits');
  const { source, store } = registered;
  const first = await prefer(source, inStore(store)).expect(200);
  expect(first.body.preferences).toEqual({ storage: inStore(store) });
  expect((await api.get(`/clusters/${source}`)).body.preferences).toEqual({ storage: inStore(store) });
  const id = await api.idOf(api.post('/migrations', inherits('inherits', registered)));
  expect((await api.get(`/migrations/${id}`)).body.definition.copy.storage).toEqual({ type: 'ClusterPreference' });
  const run = await api.idOf(api.post(`/migrations/${id}/runs`));

  const other = (await api.register('inherits later')).store;
  await prefer(source, inStore(other)).expect(200);
  expect(await storageOf(run)).toEqual(inStore(store));
  expect(await storageOf(await api.idOf(api.post(`/migrations/${id}/previews`)))).toEqual(inStore(other));
});

test('without a preference there is nothing to inherit: told when it is saved, previewed and run', async () => {
  const registered = await api.register('prefers nothing');
  const errors = [{ path: ['copy', 'storage'], message: expect.stringContaining('prefers no storage') }];
  expect((await api.post('/migrations', inherits('none', registered)).expect(422)).body.errors).toEqual(errors);
  expect((await api.post('/previews', inherits('none', registered)).expect(422)).body.errors).toEqual(errors);
  await prefer(registered.source, inStore(registered.store)).expect(200);
  const id = await api.idOf(api.post('/migrations', inherits('none', registered)));
  const taken = await prefer(registered.source, null).expect(200);
  expect(taken.body.preferences).toEqual({});
  expect((await api.post(`/migrations/${id}/runs`).expect(422)).body.errors).toEqual(errors);
  expect((await api.get(`/runs?migrationId=${id}`)).body.items).toEqual([]);
});

test('a preference has to be registered, and keeps its store registered', async () => {
  const { source, store } = await api.register('prefers');
  const path = ['preferences', 'storage', 'objectStoreId'];
  expect((await prefer(source, inStore(NO_ID)).expect(422)).body.errors).toMatchObject([{ path }]);
  expect((await prefer(source, inStore('x')).expect(400)).body.errors).toMatchObject([{ path }]);
  expect((await prefer(source, { type: 'ClusterPreference' }).expect(400)).body.errors).toMatchObject([
    { path: ['preferences', 'storage', 'type'] },
  ]);
  await prefer(source, inStore(store)).expect(200);
  await api.patch(`/clusters/${source}`, { name: 'prefers still' }).expect(200);
  expect((await api.delete(`/object-stores/${store}`).expect(409)).body.title).toContain('the cluster "prefers still"');
  await prefer(source, null).expect(200);
  await api.delete(`/object-stores/${store}`).expect(204);
});

test('managed storage is listed by provider and region, chosen for a migration or preferred by a cluster', async () => {
  const { body: offered } = await api.get('/managed-storage').expect(200);
  expect(offered.items).toEqual([
    { provider: 'aws', region: 'eu-central-1' },
    { provider: 'local', region: 'cellar' },
  ]);
  const registered = await api.register('managed');
  const choose = (provider: string, region: string) => ({ type: 'Managed', provider, region });
  const inManaged = (storage: object) => ({ ...migration('managed', registered), copy: { storage } });
  const id = await api.idOf(api.post('/migrations', inManaged(choose('local', 'cellar'))));
  expect(await storageOf(await api.idOf(api.post(`/migrations/${id}/runs`)))).toEqual(choose('local', 'cellar'));
  const { body: wrong } = await api.post('/migrations', inManaged(choose('aws', 'mars-1'))).expect(422);
  expect(wrong.errors).toMatchObject([
    { path: ['copy', 'storage', 'region'], message: expect.stringContaining('aws eu-central-1, local cellar') },
  ]);
  await prefer(registered.source, choose('aws', 'mars-1')).expect(422);
  await prefer(registered.source, choose('aws', 'eu-central-1')).expect(200);
  const preview = await api.idOf(api.post('/previews', inherits('inherits managed', registered)));
  expect(await storageOf(preview)).toEqual(choose('aws', 'eu-central-1'));
});
