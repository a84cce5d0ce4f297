import { PrismaService } from '@godwit/db/prisma.service';
import { RedisService } from '@godwit/queue/redis';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { cloudAccount, eksDestination } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

const REDIS_DATABASE = 14;

let service: TestApp;
let second: TestApp;
let api: Api;
let prisma: PrismaService;
let registered: Registered;

beforeAll(async () => {
  service = await startTestApp(REDIS_DATABASE);
  // Both hear the same bells, and look by themselves too.
  second = await startTestApp(REDIS_DATABASE, { replicaOf: service });
  api = new Api(service.url);
  prisma = service.app.get(PrismaService, { strict: false });
  registered = await api.register('any');
});
afterAll(async () => {
  await second?.stop();
  await service?.stop();
});

const redis = () => service.app.get(RedisService, { strict: false }).client;
const save = (name: string) => api.idOf(api.post('/migrations', migration(name, registered)));
const runsOf = async (migrationId: string) => (await api.get(`/runs?migrationId=${migrationId}`)).body.items;
const shown = async (id: string) => (await api.get(`/schedules/${id}`).expect(200)).body;
/** Lets a time of a schedule be so long ago, as if nobody had run then. */
const missed = (id: string, seconds: number) =>
  prisma.schedule.update({ where: { id }, data: { nextRunAt: new Date(Date.now() - seconds * 1000) } });

async function schedule(migrationId: string, values: object = {}): Promise<string> {
  const body = {
    name: `schedule ${Math.random()}`,
    migrationId,
    schedule: '0 3 1 1 *',
    startingDeadlineSeconds: null,
    ...values,
  };
  return api.idOf(api.post('/schedules', body));
}

async function until(condition: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come to this in time');
}

const kept = (id: string) => until(async () => (await shown(id)).lastOutcome !== undefined);

test('a schedule is saved, shown with its next times, changed, suspended and deleted', async () => {
  const migrationId = await save('saved');
  const body = { name: 'nightly', migrationId, schedule: '30 2 * * *', timeZone: 'Europe/Berlin' };
  const { body: made } = await api.post('/schedules', body).expect(201);
  expect(made).toMatchObject({ ...body, suspend: false, concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 3600 });
  const next = await shown(made.id);
  expect(next.nextTimes).toHaveLength(5);
  expect(Date.parse(next.nextTimes[0])).toBeGreaterThan(Date.now());
  expect((await api.get(`/schedules?migrationId=${migrationId}`)).body.items).toEqual([next]);
  expect((await api.get(`/schedules?migrationId=${NO_ID}`)).body.items).toEqual([]);
  await api.post('/schedules', body).expect(409);
  const { body: suspended } = await api.put(`/schedules/${made.id}`, { ...body, suspend: true }).expect(200);
  expect(suspended).toMatchObject({ suspend: true, nextTimes: [] });
  await api.delete(`/schedules/${made.id}`).expect(204);
  await api.get(`/schedules/${made.id}`).expect(404);
});

test.each([
  [400, 'schedule', { schedule: '* * * * * *' }],
  [400, 'schedule', { schedule: '0 0 31 2 *' }],
  [400, 'timeZone', { timeZone: 'Mars/Olympus' }],
  [400, 'concurrencyPolicy', { concurrencyPolicy: 'Allow' }],
  [400, 'startingDeadlineSeconds', { startingDeadlineSeconds: 1 }],
  [422, 'migrationId', { migrationId: NO_ID }],
])('%s: no schedule with a wrong %s', async (status, path, wrong) => {
  const body = { name: 'wrong', migrationId: NO_ID, schedule: '@daily', ...wrong };
  expect((await api.post('/schedules', body).expect(status)).body.errors).toMatchObject([{ path: [path] }]);
});

test('times that were missed are made up for once, whoever hears of it, and the bells that Redis lost are no matter', async () => {
  const migrationId = await save('missed');
  const id = await schedule(migrationId, { schedule: everyMinuteButTheNext() });
  await redis().flushdb();
  await missed(id, 600);
  await kept(id);
  await new Promise((resolve) => setTimeout(resolve, 3_000)); // both replicas have looked again
  const runs = await runsOf(migrationId);
  expect(runs).toMatchObject([{ scheduleId: id, phase: 'Running' }]);
  const after = await shown(id);
  expect(after.lastOutcome).toBe(`Started the run ${runs[0].id}`);
  expect(Date.parse(after.nextTimes[0])).toBeGreaterThan(Date.now());
});

/** Had a time in each of the last minutes, and has none while a test goes on. */
function everyMinuteButTheNext(): string {
  const passed = (minute: number) => (new Date().getUTCMinutes() - minute + 60) % 60;
  const minutes = Array.from({ length: 60 }, (_, minute) => minute).filter((minute) => passed(minute) > 0 && passed(minute) < 57);
  return `${minutes.join(',')} * * * *`;
}

test('a time whose deadline has passed is left out, and says so', async () => {
  const migrationId = await save('late');
  const id = await schedule(migrationId, { startingDeadlineSeconds: 10, schedule: '0 3 * * *' });
  await missed(id, 30);
  await prisma.schedule.update({ where: { id }, data: { schedule: '0 3 1 1 *' } });
  await kept(id);
  expect((await shown(id)).lastOutcome).toMatch(/^No run was started: nobody could start it in time/);
  expect(await runsOf(migrationId)).toEqual([]);
});

test('a schedule that cannot be kept holds up no other', async () => {
  const broken = await schedule(await save('broken'));
  const migrationId = await save('whole');
  const whole = await schedule(migrationId);
  await prisma.schedule.update({ where: { id: broken }, data: { schedule: 'nonsense' } });
  await missed(broken, 600);
  await missed(whole, 1);
  await kept(whole);
  expect(await runsOf(migrationId)).toMatchObject([{ scheduleId: whole }]);
  await prisma.schedule.delete({ where: { id: broken } });
});

test('a time that comes overtakes no edit, and is told to who has read before it', async () => {
  const migrationId = await save('edited');
  const id = await schedule(migrationId);
  const path = `/schedules/${id}`;
  await missed(id, 2);
  await kept(id);
  const first = await api.get(path).expect(200);
  const read = first.headers.etag!;
  await api.get(path).set('If-None-Match', read).expect(304);
  await missed(id, 1);
  await until(async () => (await shown(id)).lastScheduleTime !== first.body.lastScheduleTime);
  await api.get(path).set('If-None-Match', read).expect(200);

  const body = { name: 'edited', migrationId, schedule: '0 4 1 1 *' };
  expect((await api.put(path, body).set('If-Match', read).expect(200)).body.version).toBe(first.body.version + 1);
  await api.put(path, body).set('If-Match', read).expect(412);
});

test('while a run is unfinished, a time is left out, waits once, or takes its place', async () => {
  const migrationId = await save('overlap');
  const { body: running } = await api.post(`/migrations/${migrationId}/runs`).expect(201);
  const forbids = await schedule(migrationId);
  await missed(forbids, 1);
  await kept(forbids);
  expect((await shown(forbids)).lastOutcome).toBe(`No run was started: the run ${running.id} of the migration is unfinished`);

  const queues = await schedule(migrationId, { concurrencyPolicy: 'Queue' });
  await missed(queues, 1);
  await until(async () => (await runsOf(migrationId)).length === 2);
  const [waiting] = await runsOf(migrationId);
  expect(waiting).toMatchObject({ phase: 'Queued', scheduleId: queues, waiting: { reason: 'Migration' } });
  await missed(queues, 1);
  await until(async () => (await shown(queues)).lastOutcome === `No run was started: its run ${waiting.id} waits already`);

  const replaces = await schedule(migrationId, { concurrencyPolicy: 'Replace' });
  await missed(replaces, 1);
  await until(async () => (await runsOf(migrationId)).length === 3);
  const [next, cancelled, ended] = await runsOf(migrationId);
  expect(next).toMatchObject({ phase: 'Queued', scheduleId: replaces });
  expect(cancelled).toMatchObject({ id: waiting.id, phase: 'Cancelled' });
  expect(ended).toMatchObject({ id: running.id, cancelRequestedAt: expect.any(String) });
  await prisma.run.update({ where: { id: running.id }, data: { phase: 'Cancelled' } });
  await until(async () => (await runsOf(migrationId))[0].phase === 'Running');
});

test('a schedule stages, and cancels no cut-over for it', async () => {
  const migrationId = await save('staged');
  const stages = await schedule(migrationId, { kind: 'Stage', concurrencyPolicy: 'Replace' });
  expect((await shown(stages)).kind).toBe('Stage');
  await missed(stages, 1);
  await kept(stages);
  await until(async () => (await runsOf(migrationId))[0].phase === 'Running');
  const [stage] = await runsOf(migrationId);
  expect(stage).toMatchObject({ kind: 'Stage', phase: 'Running', scheduleId: stages });
  await prisma.run.update({ where: { id: stage.id }, data: { phase: 'Succeeded', finishedAt: new Date() } });
  const { body: cutOver } = await api.post(`/migrations/${migrationId}/runs`, { kind: 'CutOver' }).expect(201);
  await missed(stages, 1);
  await until(async () => (await shown(stages)).lastOutcome.includes(`${cutOver.id} of the migration is unfinished`));
  const [latest, before] = await runsOf(migrationId);
  expect([latest.id, before.id]).toEqual([cutOver.id, stage.id]);
  expect(latest).not.toHaveProperty('cancelRequestedAt');
});

test('what would refuse a start refuses that of a schedule, which says so and comes when it is put right', async () => {
  const cloudAccountId = await api.idOf(api.post('/cloud-accounts', cloudAccount('account')));
  const definition = { ...migration('refused', registered), destination: eksDestination(cloudAccountId) };
  const migrationId = await api.idOf(api.post('/migrations', migration('refused', registered)));
  const stages = await schedule(migrationId, { kind: 'Stage' });
  await api.put(`/migrations/${migrationId}`, definition).expect(200);
  const again = { name: 'again', migrationId, schedule: '0 3 1 1 *', kind: 'Stage' };
  for (const refused of [api.post('/schedules', again), api.put(`/schedules/${stages}`, again)]) {
    const { body } = await refused.expect(422);
    expect(body.errors).toEqual([{ path: ['kind'], message: expect.stringContaining('is a cluster that is yet to be created') }]);
  }
  await api.put(`/schedules/${stages}`, { ...again, suspend: true }).expect(200);
  await prisma.schedule.update({ where: { id: stages }, data: { suspend: false } });
  const migrates = await schedule(migrationId);
  await api.register('made').then(({ source }) => api.patch(`/clusters/${source}`, { name: 'made' }).expect(200));
  await missed(stages, 1);
  await missed(migrates, 1);
  await kept(stages);
  await kept(migrates);
  expect((await shown(stages)).lastOutcome).toMatch(
    /^No run was started: only a migration creates its destination: destination.type is a cluster that is yet to be created/,
  );
  const refused = await shown(migrates);
  expect(refused.lastOutcome).toMatch(
    /^No run was started: the destination is there already: destination.name is the name of a registered cluster/,
  );
  expect(Date.parse(refused.nextTimes[0])).toBeGreaterThan(Date.now());
  expect(await runsOf(migrationId)).toEqual([]);

  await api.put(`/migrations/${migrationId}`, migration('refused', registered)).expect(200);
  await missed(migrates, 1);
  await until(async () => (await runsOf(migrationId)).length === 1);
  const [run] = await runsOf(migrationId);
  await until(async () => (await shown(migrates)).lastOutcome === `Started the run ${run.id}`);
});

test('the schedules of a migration go with it; its copies have none', async () => {
  const migrationId = await save('cloned');
  const id = await schedule(migrationId);
  const { body: clone } = await api.post(`/migrations/${migrationId}/clone`, { name: 'a clone' }).expect(201);
  expect(clone).toMatchObject({ name: 'a clone', version: 1, definition: { ...migration('a clone', registered) } });
  expect((await api.get(`/schedules?migrationId=${clone.id}`)).body.items).toEqual([]);
  expect((await api.post(`/migrations/${migrationId}/clone`, { name: 'cloned' }).expect(409)).body.errors).toMatchObject([
    { path: ['name'] },
  ]);
  await api.post(`/migrations/${NO_ID}/clone`, { name: 'b' }).expect(404);
  await api.delete(`/migrations/${migrationId}`).expect(204);
  await api.get(`/schedules/${id}`).expect(404);
});
