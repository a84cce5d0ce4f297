import { RunStore } from '@godwit/db/run-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;

beforeAll(async () => {
  service = await startTestApp(14);
  api = new Api(service.url);
});
afterAll(() => service.stop());

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
