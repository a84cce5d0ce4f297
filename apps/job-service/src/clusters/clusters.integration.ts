import { ClusterStore } from '@godwit/db/cluster-store';
import { PrismaService } from '@godwit/db/prisma.service';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID } from '../../test/api.ts';
import { cloudAccount, kubeconfig } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;

beforeAll(async () => {
  service = await startTestApp(1);
  api = new Api(service.url);
});
afterAll(() => service.stop());

const register = (name: string) => api.idOf(api.post('/clusters', { name, kubeconfig: kubeconfig() }));
const stored = (id: string) => service.app.get(ClusterStore, { strict: false }).openKubeconfig(id);

test('a cluster is registered, though nobody could ask how it is; read, renamed and forgotten', async () => {
  const { status, body } = await api.post('/clusters', { name: ' east ', kubeconfig: kubeconfig() });
  expect([status, body]).toMatchObject([
    201,
    {
      name: 'east',
      server: 'https://127.0.0.1:1',
      status: {
        state: 'Unknown',
        problem: { severity: 'warning', reason: 'NoAnswer', message: 'snapshot-service did not answer within 1 s' },
      },
    },
  ]);
  const { status: asked, ...view } = body;
  expect((await api.get('/clusters').expect(200)).body.items).toEqual([view]);
  expect((await api.get(`/clusters/${body.id}`).expect(200)).body).toEqual(view);
  expect((await api.get(`/clusters/${body.id}/status`).expect(200)).body).toEqual(asked);
  for (const offered of ['namespaces', 'resource-types', 'labels']) {
    const silent = await api.get(`/clusters/${body.id}/${offered}`).expect(503).expect('Retry-After', '5');
    expect(silent.body).toMatchObject({ reason: 'NoAnswer', detail: expect.stringContaining('snapshot-service') });
  }
  const renamed = await api.patch(`/clusters/${body.id}`, { name: 'west' }).expect(200);
  expect(renamed.body).toMatchObject({ name: 'west', server: view.server, status: { state: 'Unknown' } });
  await api.delete(`/clusters/${body.id}`).expect(204);
  await api.get(`/clusters/${body.id}`).expect(404);
  expect((await api.get('/clusters')).body.items).toEqual([]);
});

test.each([
  ['exec', kubeconfig('exec: {command: sh}'), ['users', 0, 'user', 'exec']],
  ['auth-provider', kubeconfig('auth-provider: {name: gcp}'), ['users', 0, 'user', 'auth-provider']],
  ['tokenFile', kubeconfig('tokenFile: /etc/passwd'), ['users', 0, 'user', 'tokenFile']],
  ['client-certificate', kubeconfig('client-certificate: /c'), ['users', 0, 'user', 'client-certificate']],
  ['client-key', kubeconfig('client-key: /k'), ['users', 0, 'user', 'client-key']],
  [
    'certificate-authority',
    kubeconfig(undefined, 'server: "https://a", certificate-authority: /ca'),
    ['clusters', 0, 'cluster', 'certificate-authority'],
  ],
  ['an address of metadata', kubeconfig(undefined, 'server: "https://169.254.169.254"'), ['clusters']],
  ['a proxy on this host', kubeconfig(undefined, 'server: "https://a", proxy-url: "http://[::1]:3128"'), ['clusters']],
  ['a proxy that is no URL', kubeconfig(undefined, 'server: "https://a", proxy-url: "no url"'), ['clusters']],
  ['http', kubeconfig(undefined, 'server: "http://a"'), ['clusters']],
  ['an alias bomb', `a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n${kubeconfig()}`, []],
  ['text', 'just a text', []],
])('a kubeconfig with %s is refused, with the path of its field', async (_what, text, path) => {
  const id = await register(`keeps-${Math.random()}`);
  const before = await stored(id);
  const answers = [
    await api.post('/clusters', { name: 'refused', kubeconfig: text }),
    await api.patch(`/clusters/${id}`, { kubeconfig: text }),
  ];
  for (const { status, type, body } of answers) {
    expect([status, type]).toEqual([422, 'application/problem+json']);
    expect(body.errors).toMatchObject([{ path: ['kubeconfig', ...path] }]);
  }
  expect(await stored(id)).toEqual(before);
  await api.delete(`/clusters/${id}`).expect(204);
});

test('a new kubeconfig takes the place of the old one, and the cluster is asked again', async () => {
  const id = await register('moved');
  const moved = kubeconfig('token: another', 'server: "https://127.0.0.2:1"');
  const { body } = await api.patch(`/clusters/${id}`, { kubeconfig: moved }).expect(200);
  expect(body).toMatchObject({ name: 'moved', server: 'https://127.0.0.2:1', status: { problem: { reason: 'NoAnswer' } } });
  expect(await stored(id)).toEqual({ name: 'moved', kubeconfig: moved });
});

test('what is missing, unknown, of a wrong type or too long is named', async () => {
  const wrong = async (body: object) => (await api.post('/clusters', body).expect(400)).body.errors;
  expect(await wrong({})).toMatchObject([{ path: ['name'] }, { path: ['kubeconfig'] }]);
  expect(await wrong({ name: 7, kubeconfig: kubeconfig() })).toMatchObject([{ path: ['name'] }]);
  expect(await wrong({ name: ' ', kubeconfig: kubeconfig() })).toMatchObject([{ path: ['name'] }]);
  expect(await wrong({ name: 'a\0', kubeconfig: kubeconfig() })).toMatchObject([{ path: ['name'] }]);
  expect(await wrong({ name: 'a'.repeat(121), kubeconfig: kubeconfig() })).toMatchObject([{ path: ['name'] }]);
  expect(await wrong({ name: 'a', kubeconfig: kubeconfig(), kind: 'x' })).toEqual([
    { path: ['kind'], message: 'is not a known field' },
  ]);
  expect(await wrong({ name: 'a', kubeconfig: 'x'.repeat(1_000_001) })).toMatchObject([{ path: ['kubeconfig'] }]);
});

test('a name is taken once', async () => {
  const [first, second] = await Promise.all([register('one'), register('two')]);
  const answers = [
    await api.post('/clusters', { name: 'one', kubeconfig: kubeconfig() }),
    await api.patch(`/clusters/${second}`, { name: 'one' }),
  ];
  for (const { status, body } of answers) expect([status, body.errors]).toMatchObject([409, [{ path: ['name'] }]]);
  expect((await api.get(`/clusters/${second}`)).body.name).toBe('two');
  await Promise.all([first, second].map((id) => api.delete(`/clusters/${id}`).expect(204)));
});

test('a cluster that a migration needs is not forgotten', async () => {
  const registered = await api.register('needed');
  const id = await api.idOf(api.post('/migrations', migration('needs them', registered)));
  for (const cluster of [registered.source, registered.destination]) {
    const { body } = await api.delete(`/clusters/${cluster}`).expect(409);
    expect(body.title).toContain('"needs them"');
  }
  await api.delete(`/migrations/${id}`).expect(204);
  await api.delete(`/clusters/${registered.source}`).expect(204);
});

test('an id that is none, or that nothing has', async () => {
  for (const [status, id] of [
    [400, 'x'],
    [404, NO_ID],
  ] as const) {
    await api.get(`/clusters/${id}`).expect(status);
    for (const what of ['status', 'namespaces', 'resource-types', 'labels'])
      await api.get(`/clusters/${id}/${what}`).expect(status);
    await api.patch(`/clusters/${id}`, { name: 'a' }).expect(status);
    await api.delete(`/clusters/${id}`).expect(status);
  }
  expect((await api.get('/clusters/x')).body.errors).toEqual([{ path: ['id'], message: 'is not an id' }]);
});

test('a cluster that was created says in which account, where and by which run', async () => {
  const account = await api.idOf(api.post('/cloud-accounts', cloudAccount('created')));
  const run = '01990000-0000-7000-8000-000000000001';
  const { organisationId } = await service.app
    .get(PrismaService, { strict: false })
    .cloudAccount.findUniqueOrThrow({ where: { id: account } });
  const places = [
    ['EKS', { region: 'eu-central-1' }, 'eu-central-1'],
    ['GKE', { location: 'europe-west1-b' }, 'europe-west1-b'],
  ] as const;
  for (const [index, [provider, parameters, region]] of places.entries()) {
    const createdByRunId = index === 0 ? run : null;
    const row = { organisationId, name: `created ${provider}`, server: 'https://x', sealedKubeconfig: new Uint8Array([1]) };
    const data = { ...row, provider, cloudAccountId: account, createdByRunId, parameters };
    const { id } = await service.app.get(PrismaService, { strict: false }).cluster.create({ data });
    const { body } = await api.get(`/clusters/${id}`).expect(200);
    expect(body).toMatchObject({ provider, region, cloudAccountId: account });
    expect(body.createdByRunId).toBe(createdByRunId ?? undefined);
    expect(body).not.toHaveProperty('parameters');
  }
});
