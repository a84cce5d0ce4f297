import { ClusterStore } from '@godwit/db/cluster-store';
import { IdempotencyStore } from '@godwit/db/idempotency-store';
import { OrganisationStore } from '@godwit/db/organisation-store';
import { PrismaService } from '@godwit/db/prisma.service';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, type Registered } from '../../test/api.ts';
import { kubeconfig, SECRET_KEY, TOKEN } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;
let registered: Registered;

beforeAll(async () => {
  service = await startTestApp(17);
  api = new Api(service.url);
  registered = await api.register('keys');
});
afterAll(() => service.stop());

const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });
const post = (path: string, body: object | undefined, key: string) => api.post(path, body).set('Idempotency-Key', key);
const hook = (name: string) => ({ name, type: 'Pre', labels: 'app:a', command: ['true'] });
const hooksNamed = async (name: string) =>
  (await api.get('/app-hooks')).body.items.filter((item: { name: string }) => item.name === name);

test('a request that is sent again with its key is answered as before, and done once', async () => {
  const first = await post('/app-hooks', hook('once'), '"k-once"').expect(201);
  expect(first.headers).not.toHaveProperty('idempotent-replayed');
  // With and without quotes it is the same key.
  for (const key of ['"k-once"', 'k-once']) {
    const again = await post('/app-hooks', hook('once'), key).expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', etag: first.headers.etag });
  }
  expect(await hooksNamed('once')).toHaveLength(1);
  await api.delete(`/app-hooks/${first.body.id}`).expect(204);
  expect((await post('/app-hooks', hook('once'), 'k-once').expect(201)).body).toEqual(first.body);
  expect(await hooksNamed('once')).toEqual([]);
});

test('a key with another body, path or query is refused, and nothing is done', async () => {
  const id = await api.idOf(post('/migrations', migration('other', registered), 'k-other'));
  for (const answer of [
    await post('/migrations', migration('another', registered), 'k-other'),
    await post('/app-hooks', migration('other', registered), 'k-other'),
    await post('/migrations?a=b', migration('other', registered), 'k-other'),
    await post(`/migrations/${id}/runs`, undefined, 'k-other'),
  ]) {
    expect([answer.status, answer.type]).toEqual([422, 'application/problem+json']);
    expect(answer.body.title).toContain('use a new key');
  }
  expect((await api.get('/runs')).body.items).toEqual([]);
});

test('of many requests at once with one key one is done; the others get its answer, or are told to wait', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await api.idOf(api.post('/migrations', migration(`at once ${round}`, registered)));
    const answers = await Promise.all(
      Array.from({ length: 15 }, () => post(`/migrations/${id}/previews`, undefined, `k-at-once-${round}`)),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    for (const { headers, body } of answers.filter(({ status }) => status !== 201)) {
      expect([body.status, headers['retry-after'], body.title]).toEqual([409, '1', expect.stringContaining('still at work')]);
    }
    expect((await api.get(`/runs?migrationId=${id}`)).body.items).toHaveLength(1);
  }
});

test('what was refused was not done, so its key may be used again, also for what is now right', async () => {
  await post('/app-hooks', { ...hook('wrong'), labels: '(' }, 'k-refused').expect(400);
  await post('/app-hooks', hook('right'), 'k-refused').expect(201);
  await post('/app-hooks', hook('right'), 'k-taken').expect(409);
  const [right] = await hooksNamed('right');
  await api.delete(`/app-hooks/${right.id}`).expect(204);
  await post('/app-hooks', hook('right'), 'k-taken').expect(201);
});

test('of a request that was never answered nobody knows what it did: it is not done again, and the answer says what to do', async () => {
  const failing = jest.spyOn(get(ClusterStore), 'create').mockRejectedValueOnce(new Error('the connection to Postgres broke'));
  const cluster = { name: 'never answered', kubeconfig: kubeconfig() };
  await post('/clusters', cluster, 'k-failed').expect(500);
  failing.mockRestore();
  const again = await post('/clusters', cluster, 'k-failed').expect(409);
  expect(again.body.title).toContain('look whether it did its work, and use a new key');
  expect(again.headers).not.toHaveProperty('retry-after');
  // One whose service died is taken to be at work, until no request could be.
  const keys = get(IdempotencyStore);
  const owner = { organisationId: await get(OrganisationStore).ensureDefault(), key: 'k-died' };
  const hash = Buffer.from('any request');
  expect(await keys.take(owner, hash)).toMatchObject({ state: 'held' });
  expect(await keys.take(owner, hash)).toEqual({ state: 'busy' });
  const { count } = await get(PrismaService).idempotencyKey.updateMany({
    where: { key: 'k-died' },
    data: { busyUntil: new Date(Date.now() - 1) },
  });
  expect([count, await keys.take(owner, hash)]).toEqual([1, { state: 'unknown' }]);
});

test('a key is forgotten after a day, and its old holder writes nothing any more', async () => {
  const keys = get(IdempotencyStore);
  const prisma = get(PrismaService);
  const owner = { organisationId: await get(OrganisationStore).ensureDefault(), key: 'k-old' };
  const age = (hours: number) =>
    prisma.idempotencyKey.updateMany({ where: owner, data: { createdAt: new Date(Date.now() - hours * 3_600_000) } });
  const old = await keys.take(owner, Buffer.from('one'));
  if (old.state !== 'held') throw new Error(old.state);
  await keys.keep(owner, old.holder, { headers: {}, body: 1 });
  await age(23);
  expect(await keys.deleteExpired()).toBe(0);
  expect(await keys.take(owner, Buffer.from('one'))).toEqual({ state: 'answered', answer: { headers: {}, body: 1 } });
  await age(25);
  expect(await keys.take(owner, Buffer.from('two'))).toMatchObject({ state: 'held' });
  await keys.keep(owner, old.holder, { headers: {}, body: 'late' });
  await keys.giveBack(owner, old.holder);
  expect(await keys.take(owner, Buffer.from('two'))).toEqual({ state: 'busy' });
  await age(25);
  expect(await keys.deleteExpired()).toBe(1);
  expect(await prisma.idempotencyKey.count({ where: owner })).toBe(0);
});

test.each(['""', '"', 'with "quotes"', 'k'.repeat(256), 'k\u00e9'])('what is no key is refused: %s', async (key) => {
  const { body } = await post('/app-hooks', hook('no key'), key).expect(400);
  expect(body.errors).toMatchObject([{ path: ['Idempotency-Key'] }]);
  expect(await hooksNamed('no key')).toEqual([]);
});

test('nothing of a request with secrets can be read where its key is kept', async () => {
  const cluster = { name: 'sealed', kubeconfig: kubeconfig() };
  await post('/clusters', cluster, 'k-sealed').expect(201);
  const [row] = await get(PrismaService).idempotencyKey.findMany({ where: { key: 'k-sealed' } });
  const stored = Object.values(row!).map((value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
  );
  for (const secret of [TOKEN, SECRET_KEY, '127.0.0.1']) expect(stored.join('\n')).not.toContain(secret);
});
