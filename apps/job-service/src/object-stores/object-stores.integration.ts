import { ObjectStoreStore } from '@godwit/db/object-store-store';
import { PrismaService } from '@godwit/db/prisma.service';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID } from '../../test/api.ts';
import { objectStore } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;

beforeAll(async () => {
  service = await startTestApp(2);
  api = new Api(service.url);
});
afterAll(() => service.stop());

test('a store is registered, though nobody could try it; read, replaced and forgotten', async () => {
  const { status, body } = await api.post('/object-stores', objectStore('first'));
  const problem = { severity: 'warning', reason: 'NoAnswer', message: 'data-mover-service did not answer within 1 s' };
  expect([status, body]).toMatchObject([201, { name: 'first', region: 'us-east-1', status: { state: 'Unknown', problem } }]);
  const { status: asked, ...view } = body;
  expect((await api.get('/object-stores').expect(200)).body.items).toEqual([view]);
  expect((await api.get(`/object-stores/${body.id}`).expect(200)).body).toEqual(view);
  expect((await api.get(`/object-stores/${body.id}/status`).expect(200)).body).toEqual(asked);
  expect((await api.post(`/object-stores/${body.id}/test`).expect(200)).body).toEqual(asked);

  const other = { ...objectStore('second'), bucket: 'other', secretAccessKey: 'a new key' };
  const replaced = await api.put(`/object-stores/${body.id}`, other).expect(200);
  expect(replaced.body).toMatchObject({ name: 'second', bucket: 'other', status: { problem } });
  const stores = service.app.get(ObjectStoreStore, { strict: false });
  expect(await stores.openConfig(body.id)).toMatchObject({ name: 'second', config: { secretAccessKey: 'a new key' } });

  await api.delete(`/object-stores/${body.id}`).expect(204);
  await api.get(`/object-stores/${body.id}`).expect(404);
});

test('how a store is connected to is read again, so that what replaces it can be the same; its credentials are not', async () => {
  const connection = { forcePathStyle: false, caBundle: '-----BEGIN CERTIFICATE-----' };
  const { body } = await api.post('/object-stores', { ...objectStore('by its own authority'), ...connection }).expect(201);
  const view = (await api.get(`/object-stores/${body.id}`).expect(200)).body;
  expect(view).toMatchObject(connection);
  expect(JSON.stringify(view)).not.toMatch(/accessKey|an-access-key|sealed/i);
  const replaced = await api.put(`/object-stores/${body.id}`, objectStore('by a public authority')).expect(200);
  expect(replaced.body).toMatchObject({ forcePathStyle: true });
  expect(replaced.body).not.toHaveProperty('caBundle');
  await api.delete(`/object-stores/${body.id}`).expect(204);
});

test.each([
  ['endpoint', 'http://169.254.169.254'],
  ['endpoint', 'http://[fd00:ec2::254]/'],
  ['endpoint', 'ftp://a'],
  ['endpoint', 'file:///etc/passwd'],
  ['bucket', 'No Bucket'],
  ['prefix', '/a'],
  ['prefix', 'a/../b'],
  ['accessKeyId', undefined],
  ['secretAccessKey', 7],
  ['forcePathStyle', 'yes'],
  ['name', ''],
  ['acl', 'public'],
])('a wrong %s is named: %s', async (field, value) => {
  const { body } = await api.post('/object-stores', { ...objectStore('wrong'), [field]: value }).expect(400);
  expect(body.errors).toMatchObject([{ path: [field] }]);
});

test('a name is taken once', async () => {
  const [first, second] = await Promise.all(
    ['one', 'two'].map((name) => api.idOf(api.post('/object-stores', objectStore(name)))),
  );
  await api.post('/object-stores', objectStore('one')).expect(409);
  const { body } = await api.put(`/object-stores/${second}`, objectStore('one')).expect(409);
  expect(body.errors).toMatchObject([{ path: ['name'] }]);
  await api.put(`/object-stores/${first}`, objectStore('one')).expect(200);
});

test('a store that a migration needs is not forgotten', async () => {
  const registered = await api.register('needed');
  const id = await api.idOf(api.post('/migrations', migration('needs it', registered)));
  expect((await api.delete(`/object-stores/${registered.store}`).expect(409)).body.title).toContain('"needs it"');
  await api.delete(`/migrations/${id}`).expect(204);
  await api.delete(`/object-stores/${registered.store}`).expect(204);
});

test('while a run has its archive in a store, the store gets new keys but no other place', async () => {
  const registered = await api.register('in use');
  const id = await api.idOf(api.post('/migrations', migration('runs', registered)));
  const run = await api.idOf(api.post(`/migrations/${id}/runs`));
  const path = `/object-stores/${registered.store}`;
  const present = objectStore('in use-store');
  for (const place of [{ bucket: 'other' }, { prefix: 'other' }, { endpoint: 'http://127.0.0.1:2' }])
    expect((await api.put(path, { ...present, ...place }).expect(409)).body.title).toContain('1 unfinished run;');
  await api.put(path, { ...present, secretAccessKey: 'rotated' }).expect(200);
  await service.app.get(PrismaService, { strict: false }).run.update({ where: { id: run }, data: { phase: 'Failed' } });
  await api.put(path, { ...present, bucket: 'other' }).expect(200);
});

test('an id that is none, or that nothing has', async () => {
  for (const [status, id] of [
    [400, 'x'],
    [404, NO_ID],
  ] as const) {
    await api.get(`/object-stores/${id}`).expect(status);
    await api.get(`/object-stores/${id}/status`).expect(status);
    await api.post(`/object-stores/${id}/test`).expect(status);
    await api.put(`/object-stores/${id}`, objectStore('a')).expect(status);
    await api.delete(`/object-stores/${id}`).expect(status);
  }
});
