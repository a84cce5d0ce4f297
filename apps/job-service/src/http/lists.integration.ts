import { ApiKeyStore } from '@godwit/db/api-key-store';
import { OrganisationStore } from '@godwit/db/organisation-store';
import { PrismaService } from '@godwit/db/prisma.service';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import request from 'supertest';
import { migration, type Registered } from '../../test/api.ts';
import { cloudAccount, kubeconfig, objectStore } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let ours: Tenant;
let theirs: Tenant;

beforeAll(async () => {
  service = await startTestApp(14, { access: { authenticates: true } });
  [ours, theirs] = await Promise.all([tenant('ours'), tenant('theirs')]);
});
afterAll(() => service?.stop());

const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });

interface Tenant {
  call(method: 'get' | 'post' | 'delete', path: string, body?: object): request.Test;
  registered: Registered;
  migrationId: string;
}

async function tenant(name: string): Promise<Tenant> {
  const organisationId = await get(OrganisationStore).ensure(name);
  const { key } = await get(ApiKeyStore).create(organisationId, { name: 'caller', role: 'admin' });
  const call: Tenant['call'] = (method, path, body) =>
    request(service.url)[method](`/api${path}`).set('Authorization', `Bearer ${key}`).send(body);
  const idOf = async (path: string, body: object) => (await call('post', path, body).expect(201)).body.id as string;
  const [source, destination, store] = await Promise.all([
    idOf('/clusters', { name: 'source', kubeconfig: kubeconfig() }),
    idOf('/clusters', { name: 'destination', kubeconfig: kubeconfig() }),
    idOf('/object-stores', objectStore('store')),
  ]);
  const registered = { source, destination, store };
  return { call, registered, migrationId: await idOf('/migrations', migration('scheduled', registered)) };
}

const BODIES: Record<string, (name: string, of: Tenant) => object> = {
  'api-keys': (name) => ({ name }),
  'app-hooks': (name) => ({ name, type: 'Pre', labels: 'app:a', command: ['true'] }),
  'cloud-accounts': (name) => cloudAccount(name),
  clusters: (name) => ({ name, kubeconfig: kubeconfig() }),
  migrations: (name, { registered }) => migration(name, registered),
  'object-stores': (name) => objectStore(name),
  schedules: (name, { migrationId }) => ({ name, migrationId, schedule: '@daily' }),
  webhooks: (name) => ({ name, url: 'https://hooks.example.com' }),
};
/** Those that do not begin with the latest are in the order of names. */
const LATEST_FIRST = ['migrations'];

const namesOf = ({ body }: request.Response): string[] => body.items.map(({ name }: { name: string }) => name);

test.each(Object.keys(BODIES))(
  '%s are read page by page while others are added and deleted, by name, and by their own',
  async (kind) => {
    const make = async (of: Tenant, names: string[]) => {
      const made = await Promise.all(names.map((name) => of.call('post', `/${kind}`, BODIES[kind]?.(name, of)).expect(201)));
      return new Map(made.map(({ body }, index) => [names[index], body.id as string]));
    };
    const page = (query: string, of = ours) => of.call('get', `/${kind}?${query}`);
    await make(theirs, ['page-2', 'page-9']);
    const ids = await make(ours, ['page-1', 'page-3', 'page-5', 'page-7']);

    const whole = await page('name=PAGE-').expect(200);
    const order = namesOf(whole);
    expect([...order].sort()).toEqual(['page-1', 'page-3', 'page-5', 'page-7']);
    expect(whole.body).not.toHaveProperty('next');
    expect((await page('').expect(200)).body.items).toEqual(expect.arrayContaining(whole.body.items));
    expect((await page('name=page-&limit=4').expect(200)).body).toEqual(whole.body);

    const first = await page('name=page-&limit=2').expect(200);
    expect(namesOf(first)).toEqual(order.slice(0, 2));
    await ours.call('delete', `/${kind}/${ids.get(order[1])}`).expect(204);
    await make(ours, ['page-0', 'page-4']);
    const second = await page(`name=page-&limit=2&after=${first.body.next}`).expect(200);
    const third = second.body.next ? await page(`name=page-&limit=2&after=${second.body.next}`).expect(200) : undefined;
    expect(third?.body ?? second.body).not.toHaveProperty('next');
    const rest = [...namesOf(second), ...(third ? namesOf(third) : [])];
    if (LATEST_FIRST.includes(kind)) expect(rest).toEqual(order.slice(2));
    else expect([order, rest]).toEqual([order.toSorted(), ['page-4', 'page-5', 'page-7']]);

    const kept = order[2]!;
    expect(namesOf(await page(`name=${kept.slice(2)}`).expect(200))).toEqual([kept]);
    for (const other of ['p%25e', 'page_1', 'page-9'])
      expect((await page(`name=${other}`).expect(200)).body).toEqual({ items: [] });
    expect(namesOf(await page(`name=page-&after=${first.body.next}`, theirs).expect(200))).not.toContain(kept);
    const cursor = (...key: string[]) => Buffer.from(JSON.stringify(key)).toString('base64url');
    for (const [query, path] of [
      ['after=nonsense', 'after'],
      [`after=${cursor('a\0')}`, 'after'],
      [`after=${cursor('2026-01-01T00:00:00Z', 'x')}`, 'after'],
      ['limit=0', 'limit'],
      ['limit=1001', 'limit'],
      ['name=', 'name'],
    ])
      expect((await page(query as string).expect(400)).body.errors).toMatchObject([{ path: [path] }]);
  },
);

test('every list that is not bounded by what it is of is read page by page', async () => {
  const { body: document } = await request(service.url).get('/api/openapi.json').expect(200);
  const lists = Object.entries<{ get?: { parameters?: { name: string }[] } }>(document.paths)
    .filter(([path, { get: read }]) => read && !path.slice('/api/'.length).includes('/'))
    .map(([path, { get: read }]) => [
      path.slice('/api/'.length),
      read?.parameters?.some(({ name }) => name === 'after') ?? false,
    ]);
  const bounded = ['managed-storage', 'settings', 'sign-in'];
  expect(Object.fromEntries(lists)).toEqual(
    Object.fromEntries([...Object.keys(BODIES), 'runs', ...bounded].map((kind) => [kind, !bounded.includes(kind)])),
  );
});

test('the messages of a webhook are read page by page, also those of the same moment', async () => {
  const { body: webhook } = await ours.call('post', '/webhooks', { name: 'told', url: 'https://hooks.example.com' }).expect(201);
  const { body: run } = await ours.call('post', `/migrations/${ours.migrationId}/runs`).expect(201);
  const message = { webhookId: webhook.id, runId: run.id, phase: 'Running', body: {}, nextAt: null } as const;
  const moment = new Date();
  const data = Array.from({ length: 5 }, () => ({ ...message, createdAt: moment }));
  await get(PrismaService).webhookDelivery.createMany({ data });
  const read: string[] = [];
  let after = '';
  for (const size of [2, 2, 1]) {
    const { body } = await ours.call('get', `/webhooks/${webhook.id}/deliveries?limit=2${after}`).expect(200);
    expect(body.items).toHaveLength(size);
    read.push(...body.items.map(({ id }: { id: string }) => id));
    after = `&after=${body.next}`;
    await get(PrismaService).webhookDelivery.create({ data: message });
  }
  expect(after).toBe('&after=undefined');
  expect(new Set(read).size).toBe(5);
});
