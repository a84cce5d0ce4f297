import { RunStore } from '@godwit/db/run-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;

beforeAll(async () => {
  service = await startTestApp(9);
  api = new Api(service.url);
});
afterAll(() => service.stop());

const freeze = (name: string) => ({ name, type: 'Pre', labels: 'app:db,queue tier:data', command: ['sh', '-c', 'sync'] });

test('a hook is saved with its defaults, read, changed and deleted', async () => {
  const { body } = await api.post('/app-hooks', freeze('first')).expect(201);
  expect(body).toMatchObject({ ...freeze('first'), timeoutSeconds: 30, onError: 'Fail' });
  expect((await api.get('/app-hooks').expect(200)).body.items).toEqual([body]);
  const changed = { ...freeze('second'), container: 'main', timeoutSeconds: 5, onError: 'Continue' };
  expect((await api.put(`/app-hooks/${body.id}`, changed).expect(200)).body).toMatchObject(changed);
  expect((await api.get(`/app-hooks/${body.id}`).expect(200)).body).toMatchObject(changed);
  await api.delete(`/app-hooks/${body.id}`).expect(204);
  await api.get(`/app-hooks/${body.id}`).expect(404);
});

test.each([
  ['name', ''],
  ['type', 'Sometime'],
  ['labels', ''],
  ['command', []],
  ['container', 'No Name'],
  ['timeoutSeconds', 0],
  ['onError', 'Panic'],
  ['shell', 'bash'],
])('a wrong %s is named: %j', async (field, value) => {
  const { body } = await api.post('/app-hooks', { ...freeze('wrong'), [field]: value }).expect(400);
  expect(body.errors).toMatchObject([{ path: [field] }]);
});

test('labels that cannot be read say where', async () => {
  const { body } = await api.post('/app-hooks', { ...freeze('wrong'), labels: 'app=db' }).expect(400);
  expect(body.errors).toMatchObject([{ path: ['labels'], message: expect.stringContaining('character 7') }]);
});

test('a name is taken once', async () => {
  await api.post('/app-hooks', freeze('one')).expect(201);
  const { body } = await api.post('/app-hooks', freeze('one')).expect(409);
  expect(body.errors).toMatchObject([{ path: ['name'] }]);
});

test('each template can be saved as it comes', async () => {
  const { items } = (await api.get('/app-hooks/templates').expect(200)).body;
  const applications = new Set(items.map(({ application }: { application: string }) => application));
  expect([...applications].sort()).toEqual(['MariaDB', 'MongoDB', 'MySQL', 'PostgreSQL', 'Redis']);
  for (const { id: _id, application: _application, description: _description, ...hook } of items) {
    await api.post('/app-hooks', hook).expect(201);
  }
});

test('a migration takes hooks of its own organisation, each where its type goes', async () => {
  const registered = await api.register('refers');
  const pre = await api.idOf(api.post('/app-hooks', freeze('refers-pre')));
  const common = await api.idOf(api.post('/app-hooks', { ...freeze('refers-common'), type: 'Common' }));
  const definition = migration('refers', registered);
  const hooks = {
    sourcePre: [{ hookId: pre }, { hookId: common }],
    destinationPost: [{ hookId: common, namespaces: ['shop-*'] }],
  };
  await api.post('/migrations', { ...definition, hooks }).expect(201);

  const wrong = { sourcePre: [{ hookId: common }, { hookId: NO_ID }], sourcePost: [{ hookId: pre }] };
  const { body } = await api.post('/migrations', { ...definition, name: 'wrong', hooks: wrong }).expect(422);
  expect(body.errors).toMatchObject([
    { path: ['hooks', 'sourcePre', 1, 'hookId'], message: 'is not the id of a saved hook' },
    { path: ['hooks', 'sourcePost', 0, 'hookId'], message: expect.stringContaining('of type Pre; here go Post and Common') },
  ]);
});

test('a hook that a migration uses stays; a run keeps it as it was', async () => {
  const registered = await api.register('keeps');
  const id = await api.idOf(api.post('/app-hooks', freeze('keeps')));
  const definition = { ...migration('keeps', registered), hooks: { sourcePre: [{ hookId: id, namespaces: ['a'] }] } };
  const migrationId = await api.idOf(api.post('/migrations', definition));
  const { body: refused } = await api.delete(`/app-hooks/${id}`).expect(409);
  expect(refused.title).toContain('"keeps"');

  const runId = await api.idOf(api.post(`/migrations/${migrationId}/runs`));
  await api.put(`/app-hooks/${id}`, { ...freeze('keeps'), command: ['true'] }).expect(200);
  const { hooks } = await service.app.get(RunStore, { strict: false }).get(runId);
  expect(hooks).toEqual({
    sourcePre: [{ ...freeze('keeps'), timeoutSeconds: 30, onError: 'Fail', namespaces: ['a'] }],
    sourcePost: [],
    destinationPost: [],
  });
});

test('where a hook would run is asked of the source side; without an answer that is said', async () => {
  const { source } = await api.register('asks');
  const id = await api.idOf(api.post('/app-hooks', freeze('asks')));
  const { body } = await api.post(`/app-hooks/${id}/matches`, { clusterId: source }).expect(503);
  expect(body).toMatchObject({ reason: 'NoAnswer', title: 'snapshot-service did not answer within 1 s' });
  const { body: unknown } = await api.post(`/app-hooks/${id}/matches`, { clusterId: NO_ID }).expect(422);
  expect(unknown.errors).toMatchObject([{ path: ['clusterId'] }]);
});
