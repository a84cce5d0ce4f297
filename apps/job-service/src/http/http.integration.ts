import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import request from 'supertest';
import { Api, migration } from '../../test/api.ts';
import { cloudAccount, kubeconfig, objectStore, SECRET_KEY, TOKEN } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;

beforeAll(async () => {
  service = await startTestApp(4);
  api = new Api(service.url);
});
afterAll(() => service.stop());

const PROBLEM = 'application/problem+json';
const call = () => request(service.url);
const rawPost = (body: string) => call().post('/api/clusters').set('Content-Type', 'application/json').send(body);

test('a body that cannot be read is a problem of the caller', async () => {
  expect(await rawPost('{"name":')).toMatchObject({ status: 400, type: PROBLEM, body: { title: 'the body is not valid JSON' } });
  expect(await rawPost(`{"name":"${TOKEN}`)).toMatchObject({ text: expect.not.stringContaining(TOKEN) });
  expect(await rawPost('[1]')).toMatchObject({ status: 400, type: PROBLEM });
  expect(await rawPost('null')).toMatchObject({ status: 400, type: PROBLEM });
  const large = await rawPost(JSON.stringify({ name: 'a', kubeconfig: 'x'.repeat(3_200_000) }));
  expect(large).toMatchObject({ status: 413, type: PROBLEM, body: { title: 'the body is too large' } });
  const charset = call().post('/api/clusters').set('Content-Type', 'application/json; charset=klingon').send('{}');
  expect(await charset).toMatchObject({ status: 415, type: PROBLEM });
  expect(await call().get('/api/clusters/%')).toMatchObject({ status: 400, type: PROBLEM });
});

test('an idle connection is kept for the next request', async () => {
  const agent = new Agent({ keepAlive: true });
  const ask = () =>
    new Promise<boolean>((resolve, reject) => {
      const asked = get(`${service.url}/api/clusters`, { agent }, (response) => {
        response.resume().once('end', () => resolve(asked.reusedSocket));
      });
      asked.once('error', reject);
    });
  expect(await ask()).toBe(false);
  // Node.js closes one after six seconds by itself.
  await sleep(8_000);
  expect(await ask()).toBe(true);
  agent.destroy();
});

test('a path that is not there is a problem too', async () => {
  expect(await api.get('/nothing')).toMatchObject({ status: 404, type: PROBLEM });
  expect(await call().post('/api/openapi.json')).toMatchObject({ status: 404, type: PROBLEM });
});

test('other bodies than JSON are refused', async () => {
  const form = call().post('/api/clusters').type('form').send({ name: 'a' });
  expect(await form).toMatchObject({ status: 415, type: PROBLEM });
  expect(await call().post('/api/clusters').type('text/plain').send('{}')).toMatchObject({ status: 415, type: PROBLEM });
});

test.each([
  ['evil.example', 421],
  ['godwit.example', 200],
  ['godwit.example:8080', 200],
  ['godwit.example.evil.example', 421],
  ['localhost:3000', 200],
  ['[::1]:3000', 200],
  ['10.0.0.1', 200],
])('called by the host %s: %s', async (host, status) => {
  await call().get('/api/clusters').set('Host', host).expect(status);
  await call().get('/healthz/ready').set('Host', host).expect(200);
});

test.each([
  [{ Origin: 'https://evil.example' }],
  [{ Origin: 'null' }],
  [{ 'Sec-Fetch-Site': 'cross-site' }],
  [{ Origin: 'http://godwit.example:81', Host: 'godwit.example:80' }],
])('a page of another origin changes nothing: %o', async (headers) => {
  const name = JSON.stringify(headers);
  const refused = call().post('/api/clusters').set(headers).send({ name, kubeconfig: kubeconfig() });
  expect(await refused).toMatchObject({ status: 403, type: PROBLEM });
  expect((await api.get('/clusters')).body.items).not.toContainEqual(expect.objectContaining({ name }));
});

test('a page of our own origin may call', async () => {
  const [Host, Origin] = ['godwit.example', 'https://godwit.example'];
  await call().post('/api/clusters').set({ Host, Origin, 'Sec-Fetch-Site': 'same-origin' }).send({}).expect(400);
});

test('every answer has its security headers, and those of the API are kept by no cache', async () => {
  const { headers } = await api.get('/clusters');
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  });
  expect(headers).not.toHaveProperty('x-powered-by');
  expect((await call().get('/api/clusters').set('Host', 'evil.example')).headers).toMatchObject({ 'x-frame-options': 'DENY' });
});

test('no answer has a secret', async () => {
  const answers: string[] = [];
  const keep = ({ status, text }: request.Response) => {
    // No other service runs here: what is asked of one is told as unavailable.
    expect([200, 201, 400, 404, 409, 422, 503]).toContain(status);
    answers.push(text);
  };
  const registered = await api.register('secret');
  const body = { name: 'secret 2', kubeconfig: kubeconfig() };
  const full = { ...objectStore('secret 2'), sessionToken: SECRET_KEY };
  const { source, store } = registered;
  for (const answer of [
    await api.post('/clusters', body),
    await api.post('/clusters', body),
    await api.patch(`/clusters/${source}`, { kubeconfig: kubeconfig() }),
    await api.post('/clusters', { name: 'refused', kubeconfig: kubeconfig(`token: ${TOKEN}, exec: {command: ${TOKEN}}`) }),
    await api.post('/clusters', { name: 'no YAML', kubeconfig: `{${TOKEN}` }),
    await api.post('/clusters', { name: 'wrong', kubeconfig: kubeconfig(), token: TOKEN }),
    await api.post('/object-stores', full),
    await api.post('/object-stores', full),
    await api.put(`/object-stores/${store}`, { ...full, name: 'secret 3' }),
    await api.post('/object-stores', { ...full, bucket: 'No Bucket' }),
  ])
    keep(answer);
  const saved = await api.idOf(api.post('/migrations', migration('secret', registered)));
  const run = await api.idOf(api.post(`/migrations/${saved}/runs`));
  const hook = await api.idOf(api.post('/app-hooks', { name: 'a', type: 'Pre', labels: 'app:a', command: ['true'] }));
  const account = await api.idOf(api.post('/cloud-accounts', cloudAccount('secret')));
  keep(await api.put(`/cloud-accounts/${account}`, cloudAccount('secret')));
  const told = await api.post('/webhooks', { name: 'a', url: 'https://hooks.example.com' }).expect(201);
  const ids: Record<string, string> = {
    clusters: source,
    'object-stores': store,
    migrations: saved,
    schedules: await api.idOf(api.post('/schedules', { name: 'a', migrationId: saved, schedule: '@daily' })),
    runs: run,
    'app-hooks': hook,
    webhooks: told.body.id,
    'cloud-accounts': account,
  };
  const { body: document } = await api.get('/openapi.json');
  const gets = Object.keys(document.paths).filter((path) => document.paths[path].get && !path.endsWith('/stream'));
  // Which there are, the test of the description tells.
  expect(gets.length).toBeGreaterThan(25);
  for (const path of gets)
    keep(await call().get(path.replace(/\/api\/([^/]+)\/\{id\}/, (_, kind) => `/api/${kind}/${ids[kind]}`)));
  for (const path of ['/metrics', '/healthz/ready']) keep(await call().get(path));
  const all = answers.join('\n');
  expect(all).toContain('secret-source');
  for (const secret of [TOKEN, SECRET_KEY, 'an-access-key', told.body.signingKey.slice('whsec_'.length)])
    expect(all).not.toContain(secret);
});
