import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Role } from '@godwit/contracts/access';
import { ApiKeyStore } from '@godwit/db/api-key-store';
import { OrganisationStore } from '@godwit/db/organisation-store';
import { PrismaService } from '@godwit/db/prisma.service';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import request from 'supertest';
import { migration } from '../../test/api.ts';
import { cloudAccount, kubeconfig, objectStore } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

const AUDIENCE = 'godwit';

let issuerServer: Server;
let issuer: string;
let pair: GenerateKeyPairResult;
let strangers: GenerateKeyPairResult;
let service: TestApp;

beforeAll(async () => {
  [pair, strangers] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] });
  issuerServer = createServer((asked, answer) => {
    const documents: Record<string, string> = {
      '/.well-known/openid-configuration': JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }),
      '/keys': keys,
    };
    const document = documents[asked.url ?? ''];
    answer.writeHead(document ? 200 : 404, { 'content-type': 'application/json' }).end(document);
  });
  await new Promise<void>((listening) => issuerServer.listen(0, '127.0.0.1', listening));
  issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
  const oidc = {
    issuer,
    audience: AUDIENCE,
    rolesClaim: 'roles',
    rolePrefix: 'godwit-',
    organisationClaim: 'org',
    signIn: { clientId: 'web', scope: 'openid' },
  };
  service = await startTestApp(12, { access: { authenticates: true, oidc } });
});
afterAll(async () => {
  await service?.stop();
  issuerServer.close();
});

/** A caller of the API, who says so. */
function as(bearer: string | undefined) {
  const send = (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, body?: object) => {
    const call = request(service.url)[method](`/api${path}`);
    return (bearer === undefined ? call : call.set('Authorization', `Bearer ${bearer}`)).send(body);
  };
  return send;
}

async function keyOf(role: Role, organisation: string, more: { name?: string; expiresAt?: string } = {}): Promise<string> {
  const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });
  const organisationId = await get(OrganisationStore).ensure(organisation);
  const name = more.name ?? `${role} ${Math.random()}`;
  return (await get(ApiKeyStore).create(organisationId, { role, ...more, name })).key;
}

interface Claims {
  roles?: string[] | string;
  org?: string;
  aud?: string;
  iss?: string;
  exp?: string | number;
}

function token({ roles = ['godwit-viewer'], org = 'acme', aud = AUDIENCE, iss = issuer, exp = '5m' }: Claims, signer = pair) {
  return new SignJWT({ roles, org, email: 'ann@example.com' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setIssuedAt()
    .setSubject('u1')
    .setIssuer(iss)
    .setAudience(aud)
    .setExpirationTime(exp)
    .sign(signer.privateKey);
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('nobody who does not say who they are is let in, whatever they ask for', async () => {
  const { body: document } = await request(service.url).get('/api/openapi.json').expect(200);
  const routes = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method as 'get', path: path.replace('/api', '').replace('{id}', 'x') })),
  );
  expect(routes.length).toBeGreaterThan(40);
  for (const { method, path } of routes) {
    if (path === '/sign-in') continue; // how one says who one is has to be known before
    const answer = await as(undefined)(method, path, method === 'get' ? undefined : {});
    expect([method, path, answer.status, answer.headers['www-authenticate']]).toEqual([method, path, 401, 'Bearer']);
  }
});

test.each([
  ['gdw_', 401],
  [`gdw_${'a'.repeat(43)}`, 401],
  ['not a token', 401],
  ['a.b.c', 401],
  [`${base64({ alg: 'none' })}.${base64({ iss: 'x', aud: AUDIENCE, roles: ['godwit-admin'] })}.`, 401],
])('"%s" lets nobody in', async (bearer, status) => {
  await as(bearer)('get', '/clusters').expect(status);
});

test('a role may do what it may, and no more', async () => {
  const [viewer, operator, admin] = await Promise.all([
    keyOf('viewer', 'roles'),
    keyOf('operator', 'roles'),
    keyOf('admin', 'roles'),
  ]);
  const cluster = (name: string) => ({ name, kubeconfig: kubeconfig() });
  const { body: refused } = await as(operator)('post', '/clusters', cluster('a')).expect(403);
  expect(refused.title).toMatch(/needs the role admin; operator .* is operator/);
  const ids = await Promise.all(['a', 'b'].map(async (name) => (await as(admin)('post', '/clusters', cluster(name))).body.id));
  const { body: store } = await as(admin)('post', '/object-stores', objectStore('s')).expect(201);
  const definition = migration('m', { source: ids[0], destination: ids[1], store: store.id });

  await as(viewer)('post', '/migrations', definition).expect(403);
  const { body: saved } = await as(operator)('post', '/migrations', definition).expect(201);
  await as(viewer)('post', `/migrations/${saved.id}/runs`).expect(403);
  const { body: run } = await as(operator)('post', `/migrations/${saved.id}/runs`).expect(201);
  for (const asked of ['cancel', 'retry', 'pause', 'resume']) await as(viewer)('post', `/runs/${run.id}/${asked}`).expect(403);
  await as(viewer)('get', `/runs/${run.id}`).expect(200);
  await as(operator)('delete', `/clusters/${ids[0]}`).expect(403);
  await as(operator)('post', '/cloud-accounts', cloudAccount('c')).expect(403);
  await as(operator)('post', '/webhooks', { name: 'w', url: 'https://a.example' }).expect(403);
  await as(operator)('post', '/api-keys', { name: 'k', role: 'admin' }).expect(403);

  const secret = 'https://chat.example/hooks/T0/a-token';
  const { body: webhook } = await as(admin)('post', '/webhooks', { name: 'chat', url: secret }).expect(201);
  const urlFor = async (key: string) => {
    const { body: listed } = await as(key)('get', '/webhooks').expect(200);
    return [(await as(key)('get', `/webhooks/${webhook.id}`).expect(200)).body.url, listed.items[0].url];
  };
  expect(await urlFor(admin)).toEqual([secret, secret]);
  expect(await urlFor(operator)).toEqual(['https://chat.example/…', 'https://chat.example/…']);
  expect(await urlFor(viewer)).toEqual(await urlFor(operator));
  expect((await as(viewer)('get', '/api-keys/caller').expect(200)).body).toMatchObject({ role: 'viewer', organisation: 'roles' });
});

test('a key is told once, works until it is taken back or has ended, and is kept as a hash', async () => {
  const admin = await keyOf('admin', 'keys');
  await as(admin)('post', '/api-keys', { name: 'k', expiresAt: '2020-01-01T00:00:00Z' }).expect(400);
  const { body: made } = await as(admin)('post', '/api-keys', { name: 'k' }).expect(201);
  expect(made).toMatchObject({ role: 'operator', prefix: made.key.slice(0, 10) });
  await as(made.key)('get', '/clusters').expect(200);
  const { body: list } = await as(admin)('get', '/api-keys').expect(200);
  expect(JSON.stringify(list)).not.toContain(made.key);
  expect(list.items.find(({ id }: { id: string }) => id === made.id)).toMatchObject({ lastUsedAt: expect.any(String) });
  const rows = await service.app.get(PrismaService, { strict: false }).apiKey.findMany();
  const stored = JSON.stringify(rows.map((row) => ({ ...row, hash: Buffer.from(row.hash).toString('latin1') })));
  expect(stored).not.toContain(made.key.slice(10));

  await as(admin)('delete', `/api-keys/${made.id}`).expect(204);
  await as(made.key)('get', '/clusters').expect(401);
  const endsIn = (milliseconds: number) =>
    keyOf('admin', 'keys', { expiresAt: new Date(Date.now() + milliseconds).toISOString() });
  await as(await endsIn(3_600_000))('get', '/clusters').expect(200);
  await as(await endsIn(-1))('get', '/clusters').expect(401);
});

test('a browser is told how one signs in, and may call the issuer, without saying who calls', async () => {
  const { body, headers } = await as(undefined)('get', '/sign-in').expect(200);
  expect(body).toEqual({ required: true, oidc: { issuer, clientId: 'web', scope: 'openid' } });
  expect(headers['content-security-policy']).toContain(`connect-src 'self' ${issuer};`);
});

test('a token of the issuer says who calls', async () => {
  const { body } = await as(await token({ roles: ['godwit-viewer', 'godwit-operator'] }))('get', '/api-keys/caller').expect(200);
  expect(body).toEqual({ name: 'ann@example.com', role: 'operator', organisation: 'acme' });
});

test('a token of others, for others, that has ended or says nothing of use lets nobody in', async () => {
  const status = async (claims: Claims, signer?: GenerateKeyPairResult) =>
    (await as(await token(claims, signer))('get', '/clusters')).status;
  expect(await status({}, strangers)).toBe(401);
  expect(await status({ aud: 'another' })).toBe(401);
  expect(await status({ iss: 'https://elsewhere.example' })).toBe(401);
  expect(await status({ exp: 1_000_000_000 })).toBe(401);
  expect(await status({ roles: ['admin'] })).toBe(403);
  expect(await status({ org: '' })).toBe(403);
});

test('no organisation sees or changes what is of another', async () => {
  const [ours, theirs] = await Promise.all([keyOf('admin', 'ours'), keyOf('admin', 'theirs')]);
  const make = async (path: string, body: object) => (await as(ours)('post', path, body).expect(201)).body.id as string;
  const [source, destination] = [
    await make('/clusters', { name: 'a', kubeconfig: kubeconfig() }),
    await make('/clusters', { name: 'b', kubeconfig: kubeconfig() }),
  ];
  const store = await make('/object-stores', objectStore('s'));
  const definition = migration('m', { source, destination, store });
  const saved = await make('/migrations', definition);
  const ids: Record<string, string> = {
    clusters: source,
    'object-stores': store,
    migrations: saved,
    schedules: await make('/schedules', { name: 's', migrationId: saved, schedule: '@daily' }),
    runs: await make(`/migrations/${saved}/runs`, {}),
    'app-hooks': await make('/app-hooks', { name: 'h', type: 'Pre', labels: 'a:b', command: ['true'] }),
    webhooks: await make('/webhooks', { name: 'w', url: 'https://a.example' }),
    'api-keys': await make('/api-keys', { name: 'k' }),
    'cloud-accounts': await make('/cloud-accounts', cloudAccount('c')),
  };
  const bodies: Record<string, object> = {
    'PUT migrations': definition,
    'PUT object-stores': objectStore('s'),
    'PUT cloud-accounts': cloudAccount('c'),
    'PUT app-hooks': { name: 'h', type: 'Pre', labels: 'a:b', command: ['true'] },
    'PUT schedules': { name: 's', migrationId: saved, schedule: '@daily' },
    'POST /api/migrations/{id}/clone': { name: 'theirs' },
    'PUT webhooks': { name: 'w', url: 'https://a.example' },
    'PATCH clusters': { name: 'c' },
    'POST app-hooks': { clusterId: source },
  };
  const queries: Record<string, string> = {
    'GET /api/cloud-accounts/{id}/suggestion': `?sourceClusterId=${source}&region=eu-central-1`,
  };
  const { body: document } = await request(service.url).get('/api/openapi.json');
  const routes = Object.entries(document.paths as Record<string, object>)
    .filter(([path]) => path.includes('{id}'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => [method, path] as const));
  expect(routes.length).toBeGreaterThan(25);
  for (const [method, path] of routes) {
    const kind = path.split('/')[2]!;
    const route = `${method.toUpperCase()} ${path}`;
    const call = path.replace('/api', '').replace('{id}', ids[kind]!) + (queries[route] ?? '');
    const body = bodies[route] ?? bodies[`${method.toUpperCase()} ${kind}`];
    const answer = await as(theirs)(method as 'get', call, body);
    // 422: the definition of a migration refers to what is not theirs.
    expect([method, path, [404, 422].includes(answer.status)]).toEqual([method, path, true]);
  }
  for (const kind of Object.keys(ids)) {
    const { body } = await as(theirs)('get', `/${kind}`).expect(200);
    expect([kind, JSON.stringify(body).includes(ids[kind]!)]).toEqual([kind, false]);
  }
  await as(theirs)('post', '/migrations', definition).expect(422);
});

test('keys of requests are those of their organisation, and what was answered is answered again to the same caller only', async () => {
  const [ann, bob, eve] = await Promise.all([keyOf('admin', 'again'), keyOf('admin', 'again'), keyOf('admin', 'not again')]);
  const post = (bearer: string) => as(bearer)('post', '/api-keys', { name: 'made' }).set('Idempotency-Key', 'k');
  const { body: made } = await post(ann).expect(201);
  expect((await post(ann).expect(201)).body).toEqual(made);
  await post(bob).expect(422);
  expect((await post(eve).expect(201)).body.key).not.toBe(made.key);
  const rows = await service.app.get(PrismaService, { strict: false }).idempotencyKey.findMany();
  const stored = rows
    .flatMap((row) => [row.sealedAnswer!, row.sealedRequestHash])
    .map((bytes) => Buffer.from(bytes).toString('latin1'));
  expect(stored).toHaveLength(4);
  expect(stored.join()).not.toContain(made.key.slice(10));
});
