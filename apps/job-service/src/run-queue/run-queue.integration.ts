import { PrismaService } from '@godwit/db/prisma.service';
import { RedisService } from '@godwit/queue/redis';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, type Registered } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

const REDIS_DATABASE = 13;

let service: TestApp;
let second: TestApp;
let api: Api;
let prisma: PrismaService;

beforeAll(async () => {
  service = await startTestApp(REDIS_DATABASE, { limits: { perOrganisation: 6, total: 100 } });
  // Another replica: of the same database and the same Redis.
  second = await startTestApp(REDIS_DATABASE, { limits: { perOrganisation: 6, total: 100 }, replicaOf: service });
  api = new Api(service.url);
  registered = await api.register('any');
  prisma = service.app.get(PrismaService, { strict: false });
});
afterAll(async () => {
  await second?.stop();
  await service?.stop();
});

let registered: Registered;
let migrations = 0;
const save = (use: Registered) => api.idOf(api.post('/migrations', migration(`migration ${++migrations}`, use)));
const finish = (id: string) => prisma.run.update({ where: { id }, data: { phase: 'Succeeded', finishedAt: new Date() } });
const finishAll = () => prisma.run.updateMany({ data: { phase: 'Succeeded', finishedAt: new Date() } });
const phaseOf = async (id: string) => (await api.get(`/runs/${id}`)).body.phase;

async function startSome(count: number, use: Registered) {
  const runs = [];
  for (let index = 0; index < count; index++) runs.push((await api.post(`/migrations/${await save(use)}/runs`).expect(201)).body);
  return runs;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come to this in time');
}

test('a cluster takes as many runs as it may; the others tell their place and come when one has finished', async () => {
  const registered = await api.register('narrow');
  const { body: cluster } = await api.patch(`/clusters/${registered.source}`, { maxConcurrentRuns: 1 }).expect(200);
  expect(cluster.maxConcurrentRuns).toBe(1);
  const [first, next, last] = await startSome(3, registered);
  expect(first).toMatchObject({ phase: 'Running', startedAt: expect.any(String) });
  expect(first).not.toHaveProperty('waiting');
  const message = (place: string) => `${place} in the queue: cluster "narrow-source" runs 1 of at most 1`;
  expect(next).toMatchObject({ phase: 'Queued', waiting: { reason: 'Cluster', position: 1, message: message('1st') } });
  expect(last).toMatchObject({ phase: 'Queued', waiting: { reason: 'Cluster', position: 2, message: message('2nd') } });
  const { body: list } = await api.get('/runs?limit=2').expect(200);
  expect(list.items.map(({ waiting }: { waiting: { position: number } }) => waiting.position)).toEqual([2, 1]);

  // A cluster that a queued run needs is not forgotten, and previews wait for no place.
  expect((await api.delete(`/clusters/${registered.source}`).expect(409)).body.title).toContain('still used');
  const preview = await api.post('/previews', migration('preview', registered)).expect(201);
  expect(preview.body.phase).toBe('Running');

  await finish(first.id);
  await until(async () => (await phaseOf(next.id)) === 'Running');
  expect((await api.get(`/runs/${last.id}`)).body.waiting).toMatchObject({ position: 1, message: message('1st') });
  // Long enough to be told of, however fast this went.
  await prisma.run.update({ where: { id: last.id }, data: { createdAt: new Date(Date.now() - 5_000) } });
  await api.patch(`/clusters/${registered.source}`, { maxConcurrentRuns: 2 }).expect(200);
  await until(async () => (await phaseOf(last.id)) === 'Running');
  const { body: log } = await api.get(`/runs/${last.id}/events`);
  expect(log.items.map((line: { message: string }) => line.message)).toContainEqual(
    expect.stringMatching(/^Left the queue after \d+ s$/),
  );
  await finishAll();
});

test('starts at two replicas at once, while all that Redis had is lost, never pass a limit, and all get their turn', async () => {
  const registered = await api.register('raced');
  await api.patch(`/clusters/${registered.destination}`, { maxConcurrentRuns: 3 }).expect(200);
  const ids = await Promise.all(Array.from({ length: 12 }, () => save(registered)));
  const replicas = [api, new Api(second.url)];
  const answers = await Promise.all(ids.map((id, index) => replicas[index % 2]!.post(`/migrations/${id}/runs`)));
  const runs = answers.map(({ body }) => body.id as string);
  const redis = service.app.get(RedisService, { strict: false });
  const running = () => prisma.run.findMany({ where: { id: { in: runs }, phase: 'Running' } });
  for (let finished = 0; finished < 12; ) {
    const now = await running();
    expect(now.length).toBeLessThanOrEqual(3);
    if (finished + now.length === 12 || now.length === 3) {
      await Promise.all(now.map(({ id }) => finish(id)));
      finished += now.length;
      await redis.client.flushdb();
      // Both replicas are asked for more at the same time.
      const more = await Promise.all(replicas.map(async (each) => each.post(`/migrations/${await save(registered)}/runs`)));
      await Promise.all(more.map(({ body }) => api.post(`/runs/${body.id}/cancel`).expect(202)));
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await prisma.run.count({ where: { id: { in: runs }, phase: 'Succeeded', startedAt: { not: null } } })).toBe(12);
  await finishAll();
});

test('an organisation has its limit too', async () => {
  const [one, other] = [await api.register('one'), await api.register('other')];
  const runs = [...(await startSome(4, one)), ...(await startSome(3, other))];
  expect(runs.filter(({ phase }) => phase === 'Running')).toHaveLength(6);
  expect(runs[6].waiting).toEqual({
    reason: 'Organisation',
    position: 1,
    message: '1st in the queue: the organisation runs 6 of at most 6',
  });
  await finishAll();
});

test('a run in the queue is cancelled at once, and nothing of it has begun', async () => {
  const registered = await api.register('cancelled');
  await api.patch(`/clusters/${registered.source}`, { maxConcurrentRuns: 1 }).expect(200);
  const [, waiting] = await startSome(2, registered);
  const { body: refused } = await api.post(`/migrations/${waiting.migrationId}/runs`).expect(409);
  expect(refused.title).toContain(waiting.id);
  const { body: run } = await api.post(`/runs/${waiting.id}/cancel`).expect(202);
  expect(run).toMatchObject({ phase: 'Cancelled', finishedAt: expect.any(String), cancelRequestedAt: expect.any(String) });
  expect(run).not.toHaveProperty('startedAt');
  expect((await api.post(`/runs/${waiting.id}/cancel`).expect(409)).body.title).toContain('Cancelled');
  const { body } = await api.get(`/runs/${waiting.id}`);
  expect(body.steps).toEqual([]);
  const { body: log } = await api.get(`/runs/${waiting.id}/events`);
  expect(log.items).toMatchObject([{ level: 'warning', message: 'The run was cancelled before it began' }]);
  await finishAll();
});

test('a run that is to start later waits for its time, keeps its definition, and is no hindrance until then', async () => {
  const id = await save(registered);
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const { body: later } = await api.post(`/migrations/${id}/runs`, { startAt: inAnHour }).expect(201);
  expect(later).toMatchObject({
    phase: 'Queued',
    startAt: inAnHour,
    waiting: { reason: 'StartTime', message: `starts at ${inAnHour}` },
  });
  expect((await api.delete(`/migrations/${id}`).expect(409)).body.title).toContain(later.id);
  const { body: now } = await api.post(`/migrations/${id}/runs`).expect(201);
  expect(now.phase).toBe('Running');
  await api.put(`/migrations/${id}`, migration('edited meanwhile', registered)).expect(200);
  await prisma.run.update({ where: { id: later.id }, data: { startAt: new Date() } });
  expect((await api.get(`/runs/${later.id}`)).body.waiting).toMatchObject({
    reason: 'Migration',
    message: `1st in the queue: the run ${now.id} of the same migration is unfinished`,
  });
  await finish(now.id);
  await until(async () => (await phaseOf(later.id)) === 'Running');
  const { body: started } = await api.get(`/runs/${later.id}`);
  expect([started.definition.name, started.migrationName]).toEqual([now.migrationName, now.migrationName]);
  await finishAll();
});

test('a run starts at its time by itself', async () => {
  const id = await save(registered);
  // Longer than the request takes: a time that has passed would be refused.
  const startAt = new Date(Date.now() + 3_000);
  const { body: run } = await api.post(`/migrations/${id}/runs`, { startAt: startAt.toISOString() }).expect(201);
  await until(async () => (await phaseOf(run.id)) === 'Running');
  const { body } = await api.get(`/runs/${run.id}`);
  expect(new Date(body.startedAt).getTime()).toBeGreaterThanOrEqual(startAt.getTime());
  await finishAll();
});

test.each([
  [400, { startAt: 'tomorrow' }],
  [400, { startAt: '2026-13-01T00:00:00Z' }],
  [422, { startAt: '2020-01-01T00:00:00Z' }],
  [422, { startAt: new Date(Date.now() + 400 * 86_400_000).toISOString() }],
])('%s: no run starts at such a time: %o', async (status, body) => {
  const id = await save(registered);
  expect((await api.post(`/migrations/${id}/runs`, body).expect(status)).body.errors).toMatchObject([{ path: ['startAt'] }]);
  expect((await api.get(`/runs?migrationId=${id}`)).body.items).toEqual([]);
});
