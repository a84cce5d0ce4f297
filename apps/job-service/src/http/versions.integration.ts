import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type request from 'supertest';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { kubeconfig, objectStore } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

const hook = (name: string) => ({ name, type: 'Pre', labels: 'app:a', command: ['true'] });
const webhook = (name: string) => ({ name, url: 'https://hooks.example.com' });

let service: TestApp;
let api: Api;
let registered: Registered;
let scheduled: string;

beforeAll(async () => {
  service = await startTestApp(16);
  api = new Api(service.url);
  registered = await api.register('versions');
  scheduled = await api.idOf(api.post('/migrations', migration('scheduled', registered)));
});
afterAll(() => service.stop());

/** What can be changed, how it is made, and how it is changed. */
const KINDS: [string, (name: string) => object, 'put' | 'patch'][] = [
  ['clusters', (name) => ({ name, kubeconfig: kubeconfig() }), 'patch'],
  ['object-stores', objectStore, 'put'],
  ['app-hooks', hook, 'put'],
  ['webhooks', webhook, 'put'],
  ['schedules', (name) => ({ name, migrationId: scheduled, schedule: '0 3 * * *' }), 'put'],
  ['migrations', (name) => migration(name, registered), 'put'],
];

test.each(KINDS)('of %s a change that was overtaken by another is refused and changes nothing', async (kind, body, method) => {
  const id = await api.idOf(api.post(`/${kind}`, body('first')));
  const path = `/${kind}/${id}`;
  const read = await api.get(path).expect(200);
  expect(read.headers.etag).toBe('"1"');
  await api.get(path).set('If-None-Match', '"1"').expect(304);

  const changed = await api[method](path, body('second')).set('If-Match', '"1"').expect(200);
  expect([changed.headers.etag, changed.body]).toMatchObject(['"2"', { version: 2, name: 'second' }]);
  expect((await api.get(path).set('If-None-Match', '"1"').expect(200)).body.name).toBe('second');

  for (const tag of ['"1"', 'W/"2"', '2', '"nonsense"', '"99999999999999999999"']) {
    const late = await api[method](path, body('third')).set('If-Match', tag);
    expect([tag, late.status, late.type]).toEqual([tag, 412, 'application/problem+json']);
    expect(late.body.title).toContain('is at version 2 now; get it again');
  }
  await api.delete(path).set('If-Match', '"1"').expect(412);
  expect((await api.get(path)).body).toMatchObject({ name: 'second', version: 2 });

  await api[method](path, body('without')).expect(200);
  await api[method](path, body('any')).set('If-Match', '*').expect(200);
  await api[method](path, body('of several')).set('If-Match', '"1", "4"').expect(200);
  await api.delete(path).set('If-Match', '"5"').expect(204);
  await api[method](path, body('gone')).set('If-Match', '"5"').expect(404);
  await api.delete(path).set('If-Match', '"5"').expect(404);
});

test('of many changes of the same version at once one is made', async () => {
  const id = await api.idOf(api.post('/migrations', migration('many', registered)));
  for (let version = 1; version <= 5; version++) {
    const change = (n: number) =>
      api.put(`/migrations/${id}`, migration(`many ${version} ${n}`, registered)).set('If-Match', `"${version}"`);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => change(n)));
    const made = answers.filter(({ status }) => status === 200);
    expect([made.length, answers.filter(({ status }) => status === 412).length]).toEqual([1, 9]);
    expect((await api.get(`/migrations/${id}`)).body).toEqual(made[0]!.body);
  }
});

test('what has no version has the digest of its answer, and a read of what has not changed has no body', async () => {
  const id = await api.idOf(api.post('/migrations', migration('digest', registered)));
  const run = await api.idOf(api.post(`/migrations/${id}/previews`));
  const path = `/migrations?limit=500`;
  for (const what of [path, `/runs/${run}/findings`]) {
    const { headers } = await api.get(what).expect(200);
    expect(headers.etag).toMatch(/^"/);
    const again: request.Response = await api.get(what).set('If-None-Match', headers.etag!).expect(304);
    expect(again.text).toBe('');
  }
  const before = (await api.get(path)).headers.etag!;
  await api.put(`/migrations/${id}`, migration('digest 2', registered)).expect(200);
  await api.get(path).set('If-None-Match', before).expect(200);
});

test('a tag tells nobody whether there is something of an id', async () => {
  await api.put(`/migrations/${NO_ID}`, migration('a', registered)).set('If-Match', '"1"').expect(404);
  await api.patch('/clusters/x', { name: 'a' }).set('If-Match', '"1"').expect(400);
});

test('every change of one thing takes If-Match, and its description says so', async () => {
  const { body: document } = await api.get('/openapi.json').expect(200);
  const routes = Object.entries<Record<string, { parameters?: { name: string }[] }>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({ method, path, names: parameters.map(({ name }) => name) })),
  );
  const changes = routes.filter(({ method, path }) => ['put', 'patch', 'delete'].includes(method) && path.endsWith('/{id}'));
  expect(changes.length).toBeGreaterThan(9);
  // A key of the API is not changed, only taken back.
  const without = changes.filter(({ names }) => !names.includes('If-Match')).map(({ method, path }) => `${method} ${path}`);
  expect(without).toEqual(['delete /api/api-keys/{id}']);
  const posts = routes.filter(({ method }) => method === 'post');
  expect(posts.filter(({ names }) => !names.includes('Idempotency-Key'))).toEqual([]);
});
