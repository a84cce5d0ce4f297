import { PrismaService } from '@godwit/db/prisma.service';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;
let registered: Registered;

beforeAll(async () => {
  service = await startTestApp(3);
  api = new Api(service.url);
  registered = await api.register('shop');
});
afterAll(() => service.stop());

const save = (name: string) => api.idOf(api.post('/migrations', migration(name, registered)));
const finish = (id: string) =>
  service.app.get(PrismaService, { strict: false }).run.update({ where: { id }, data: { phase: 'Succeeded' } });

test('a migration is saved, read, changed and deleted', async () => {
  const definition = migration('first', registered);
  const { body: saved } = await api.post('/migrations', definition).expect(201);
  expect(saved).toMatchObject({ name: 'first', version: 1, definition });
  expect((await api.get(`/migrations/${saved.id}`).expect(200)).body).toEqual(saved);
  expect((await api.get('/migrations').expect(200)).body.items).toEqual([saved]);
  const changed = { ...definition, name: 'second', selection: { scope: 'Namespaces', namespaces: ['shop-*'] } };
  expect((await api.put(`/migrations/${saved.id}`, changed).expect(200)).body).toMatchObject({
    name: 'second',
    version: 2,
    definition: changed,
  });
  await api.delete(`/migrations/${saved.id}`).expect(204);
  await api.get(`/migrations/${saved.id}`).expect(404);
  await api.delete(`/migrations/${saved.id}`).expect(404);
});

test('what is wrong in a definition is named, and nothing is saved', async () => {
  const good = migration('wrong', registered);
  const wrong = async (change: object) => (await api.post('/migrations', { ...good, ...change }).expect(400)).body.errors;
  expect(await wrong({ sourceClusterId: 'x', copy: { ...good.copy, concurrentStreams: 17 } })).toMatchObject([
    { path: ['sourceClusterId'] },
    { path: ['copy', 'concurrentStreams'] },
  ]);
  expect(await wrong({ copy: { ...good.copy, concurentStreams: 1 } })).toMatchObject([{ path: ['copy', 'concurentStreams'] }]);
  expect(await wrong({ selection: { scope: 'Namespaces' } })).toMatchObject([{ path: ['selection', 'namespaces'] }]);
  expect(await wrong({ selection: { namespaces: ['a', 'No!'] } })).toMatchObject([{ path: ['selection', 'namespaces', 1] }]);
  expect(await wrong({ selection: { labels: 'app', labelSelectors: ['app=web', 'app in ()'] } })).toMatchObject([
    { path: ['selection', 'labels'], message: expect.stringContaining('character 4') },
    { path: ['selection', 'labelSelectors', 1], message: expect.stringContaining('character 9') },
  ]);
  expect(await wrong({ selection: { labels: 'a:\0' } })).toMatchObject([{ path: ['selection', 'labels'] }]);
  expect(await wrong({ destination: { type: 'Registered', clusterId: registered.source } })).toMatchObject([
    { path: ['destination', 'clusterId'] },
  ]);
  expect((await api.get('/migrations')).body.items).toEqual([]);
});

test('what a definition refers to has to be registered, when it is saved and when it is changed', async () => {
  const nothing = migration('nothing', { source: NO_ID, destination: NO_ID.replace('4', '5'), store: NO_ID });
  const paths = [['sourceClusterId'], ['destination', 'clusterId'], ['copy', 'storage', 'objectStoreId']].map((path) => ({
    path,
  }));
  expect((await api.post('/migrations', nothing).expect(422)).body.errors).toMatchObject(paths);
  const id = await save('refers');
  expect((await api.put(`/migrations/${id}`, nothing).expect(422)).body.errors).toMatchObject(paths);
  expect((await api.get(`/migrations/${id}`)).body.version).toBe(1);
});

test('a name is taken once', async () => {
  await save('one');
  const second = await save('two');
  expect((await api.post('/migrations', migration('one', registered)).expect(409)).body.errors).toMatchObject([
    { path: ['name'] },
  ]);
  await api.put(`/migrations/${second}`, migration('one', registered)).expect(409);
});

test('of many starts at once one is a run, and the others are told which', async () => {
  const id = await save('at once');
  // The first round finds few connections open, and so does little at once.
  for (let round = 1; round <= 5; round++) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post(`/migrations/${id}/runs`)));
    const started = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([started.length, refused.length]).toEqual([1, 19]);
    const run = started[0]!.body;
    expect(run).toMatchObject({ migrationId: id, migrationName: 'at once', sourceCluster: 'shop-source', phase: 'Running' });
    for (const { body } of refused) expect(body.title).toContain(run.id);
    expect((await api.get(`/runs?migrationId=${id}`)).body.items).toHaveLength(round);
    await finish(run.id);
  }
});

test('a migration is not deleted while a run of it is unfinished; its finished runs stay with their definition', async () => {
  const id = await save('deleted');
  const run = await api.idOf(api.post(`/migrations/${id}/runs`));
  expect((await api.delete(`/migrations/${id}`).expect(409)).body.title).toContain(run);
  await api.put(`/migrations/${id}`, migration('renamed', registered)).expect(200);
  await finish(run);
  await api.delete(`/migrations/${id}`).expect(204);
  const { body } = await api.get(`/runs/${run}`).expect(200);
  expect(body).toMatchObject({ migrationName: 'deleted', definition: { name: 'deleted' } });
  expect(body).not.toHaveProperty('migrationId');
});

test('starting and deleting at once leave either a run of a migration or neither', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await save(`race ${round}`);
    const [start, deletion] = await Promise.all([api.post(`/migrations/${id}/runs`), api.delete(`/migrations/${id}`)]);
    expect([
      [201, 409],
      [404, 204],
    ]).toContainEqual([start.status, deletion.status]);
    if (start.status === 201) await finish(start.body.id);
  }
});

test('clusters and stores that only an unfinished run needs are not forgotten; a finished run shows that they were', async () => {
  const used = await api.register('used');
  const id = await api.idOf(api.post('/migrations', migration('moves on', used)));
  const run = await api.idOf(api.post(`/migrations/${id}/runs`));
  await api.put(`/migrations/${id}`, migration('moves on', registered)).expect(200);
  const paths = [`/clusters/${used.source}`, `/clusters/${used.destination}`, `/object-stores/${used.store}`];
  for (const path of paths) expect((await api.delete(path).expect(409)).body.title).toContain('1 unfinished run;');
  await finish(run);
  for (const path of paths) await api.delete(path).expect(204);
  expect((await api.get(`/runs/${run}`).expect(200)).body).toMatchObject({
    sourceCluster: '(forgotten cluster)',
    destinationCluster: '(forgotten cluster)',
  });
});

test('an id that is none, or that nothing has', async () => {
  for (const [status, id] of [
    [400, 'x'],
    [404, NO_ID],
  ] as const) {
    await api.get(`/migrations/${id}`).expect(status);
    await api.put(`/migrations/${id}`, migration('a', registered)).expect(status);
    await api.delete(`/migrations/${id}`).expect(status);
    await api.post(`/migrations/${id}/runs`).expect(status);
  }
});
