import type { VolumeSource } from '@godwit/contracts/volume-source';
import { PrismaService } from '@godwit/db/prisma.service';
import { RunEventStore } from '@godwit/db/run-event-store';
import { type RunObject, RunObjectStore } from '@godwit/db/run-object-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type request from 'supertest';
import { saveTestProgress } from '../../../../tools/testing/test-run.ts';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;
let registered: Registered;
const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });

beforeAll(async () => {
  service = await startTestApp(5);
  api = new Api(service.url);
  registered = await api.register('shop');
});
afterAll(() => service.stop());

async function start(name: string) {
  const id = await api.idOf(api.post('/migrations', migration(name, registered)));
  return (await api.post(`/migrations/${id}/runs`).expect(201)).body;
}

test('runs are listed, the latest first, of all migrations or of one', async () => {
  const [first, second] = [await start('first'), await start('second')];
  const listed = async (query = '') => {
    const { body } = await api.get(`/runs${query}`).expect(200);
    return body.items.map(({ id }: { id: string }) => id);
  };
  expect(await listed()).toEqual([second.id, first.id]);
  expect(await listed('?limit=1')).toEqual([second.id]);
  expect(await listed(`?migrationId=${first.migrationId}`)).toEqual([first.id]);
  for (const [query, path] of [
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=x', 'limit'],
    ['migrationId=x', 'migrationId'],
    ['state=Running', 'state'],
  ])
    expect((await api.get(`/runs?${query}`).expect(400)).body.errors).toMatchObject([{ path: [path] }]);
});

test('a run is shown with its definition, steps and counts', async () => {
  const run = await start('shown');
  await get(RunObjectStore).record(run.id, [object('web', 'Created'), object('db', 'Created'), object('old', 'Skipped')]);
  const { body } = await api.get(`/runs/${run.id}`).expect(200);
  expect(body).toMatchObject({
    id: run.id,
    phase: 'Running',
    progress: 0,
    sourceCluster: 'shop-source',
    destinationCluster: 'shop-destination',
    definition: migration('shown', registered),
    volumes: [],
    objects: { Created: 2, Skipped: 1 },
  });
});

test('the log is read page by page, and goes on where it was', async () => {
  const run = await start('log');
  const lines = Array.from({ length: 5 }, (_, index) => ({ level: 'info' as const, message: `line ${index}` }));
  await get(RunEventStore).append(run.id, ...lines);
  const read: string[] = [];
  let after = '0';
  for (const size of [2, 2, 1, 0]) {
    const { body } = await api.get(`/runs/${run.id}/events?limit=2&after=${after}`).expect(200);
    expect(body.items).toHaveLength(size);
    read.push(...body.items.map(({ message }: { message: string }) => message));
    after = body.next;
  }
  expect(read).toEqual(lines.map(({ message }) => message));
  await get(RunEventStore).append(run.id, { level: 'warning', message: 'later', step: 'preflight', data: { a: 1 } });
  const { body } = await api.get(`/runs/${run.id}/events?after=${after}`).expect(200);
  expect(body.items).toMatchObject([{ level: 'warning', message: 'later', step: 'preflight', data: { a: 1 } }]);
  for (const wrong of ['-1', 'x', '9'.repeat(19)])
    expect((await api.get(`/runs/${run.id}/events?after=${wrong}`).expect(400)).body.errors).toMatchObject([{ path: ['after'] }]);
});

test('objects are read page by page, all or those of one outcome', async () => {
  const run = await start('objects');
  const names = ['a', 'b', 'c', 'd', 'e'];
  await get(RunObjectStore).record(
    run.id,
    names.map((name) => object(name, name === 'c' ? 'Failed' : 'Created')),
  );
  const pages: string[][] = [];
  let after = '';
  do {
    const { body } = await api.get(`/runs/${run.id}/objects?limit=2${after}`).expect(200);
    pages.push(body.items.map(({ name }: { name: string }) => name));
    after = body.next && `&after=${body.next}`;
  } while (after);
  expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  const { body } = await api.get(`/runs/${run.id}/objects?outcome=Failed`).expect(200);
  expect(body).toEqual({ items: [{ ...object('c', 'Failed') }] });
  const nul = Buffer.from(JSON.stringify(['a\0', '', '', ''])).toString('base64url');
  for (const [query, path] of [
    ['outcome=Lost', 'outcome'],
    ['after=nonsense', 'after'],
    [`after=${nul}`, 'after'],
  ])
    expect((await api.get(`/runs/${run.id}/objects?${query}`).expect(400)).body.errors).toMatchObject([{ path: [path] }]);
});

test('a run is cancelled; asking again changes nothing; one that has finished is not', async () => {
  const run = await start('cancelled');
  const { body: first } = await api.post(`/runs/${run.id}/cancel`).expect(202);
  expect(first).toMatchObject({ id: run.id, cancelRequestedAt: expect.any(String) });
  const again = await Promise.all([1, 2, 3].map(() => api.post(`/runs/${run.id}/cancel`).expect(202)));
  for (const { body } of again) expect(body.cancelRequestedAt).toBe(first.cancelRequestedAt);
  await get(PrismaService).run.update({ where: { id: run.id }, data: { phase: 'Cancelled' } });
  expect((await api.post(`/runs/${run.id}/cancel`).expect(409)).body.title).toContain('Cancelled');
});

test('only a run that is held is retried, until it is given up', async () => {
  const run = await start('held');
  const retry = () => api.post(`/runs/${run.id}/retry`);
  expect((await retry().expect(409)).body.title).toContain('Running');
  const heldUntil = new Date(Date.now() + 3_600_000);
  // What has begun is to stop first: so it does not go on at once.
  const step = { runId: run.id, name: 'capture-resources', state: 'Running', leaseUntil: heldUntil } as const;
  await get(PrismaService).step.create({ data: step });
  await get(PrismaService).run.update({ where: { id: run.id }, data: { phase: 'Held', heldUntil } });
  expect((await api.get(`/runs/${run.id}`)).body).toMatchObject({ phase: 'Held', heldUntil: heldUntil.toISOString() });
  const { body: first } = await retry().expect(202);
  expect(first).toMatchObject({ phase: 'Held', retryRequestedAt: expect.any(String) });
  for (const { body } of await Promise.all([1, 2, 3].map(() => retry().expect(202))))
    expect(body.retryRequestedAt).toBe(first.retryRequestedAt);
  const lines = await get(RunEventStore).list(run.id);
  expect(lines.filter(({ message }) => message.startsWith('A retry was asked for'))).toHaveLength(1);
  await api.post(`/runs/${run.id}/cancel`).expect(202);
  expect((await retry().expect(409)).body.title).toMatch(/given up|Finishing/);
});

test('a run is paused and resumed; asking again changes nothing, and one that does not go on is refused', async () => {
  const run = await start('paused');
  const ask = (what: string) => api.post(`/runs/${run.id}/${what}`);
  const { body: paused } = await ask('pause').expect(202);
  expect(paused).toMatchObject({ phase: 'Running', pausedAt: expect.any(String) });
  expect((await ask('pause').expect(202)).body.pausedAt).toBe(paused.pausedAt);
  expect((await api.get(`/runs/${run.id}`)).body.pausedAt).toBe(paused.pausedAt);
  for (let time = 0; time < 2; time++) expect((await ask('resume').expect(202)).body).not.toHaveProperty('pausedAt');
  const lines = await get(RunEventStore).list(run.id);
  expect(lines.filter(({ message }) => /is (paused|resumed)/.test(message))).toHaveLength(2);

  await get(PrismaService).run.update({ where: { id: run.id }, data: { phase: 'Failed' } });
  for (const what of ['pause', 'resume']) expect((await ask(what).expect(409)).body.title).toContain('Failed');
  const preview = await api.idOf(api.post(`/migrations/${run.migrationId}/previews`));
  expect((await api.post(`/runs/${preview}/pause`).expect(409)).body.title).toContain('moves no data');
});

test('an id that is none, or that nothing has', async () => {
  for (const [status, id] of [
    [400, 'x'],
    [404, NO_ID],
  ] as const) {
    for (const part of ['', '/events', '/objects', '/stream']) await api.get(`/runs/${id}${part}`).expect(status);
    for (const asked of ['cancel', 'retry', 'pause', 'resume']) await api.post(`/runs/${id}/${asked}`).expect(status);
  }
});

function object(name: string, outcome: RunObject['outcome']): RunObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name, outcome };
}

test('a run tells how far its data is, how fast it moves and how long that takes, as a whole and for each side', async () => {
  const run = await start('moves');
  const planned = { namespace: 'shop', targetNamespace: 'shop', source: {} as VolumeSource };
  await get(VolumeStore).ensure(run.id, [
    { ...planned, name: 'data', capacityBytes: 2_000 },
    { ...planned, name: 'waits', capacityBytes: 1_000 },
  ]);
  const [data] = await get(VolumeStore).list(run.id);
  const progress = { filesDone: 4, filesTotal: 10, storedBytes: 9, bytesTotal: 1_000 };
  await saveTestProgress(get(PrismaService), data!.id, 'copy', { ...progress, bytesDone: 600 });
  await saveTestProgress(get(PrismaService), data!.id, 'restore', { ...progress, bytesDone: 300 });
  const before = (await api.get(`/runs/${run.id}`).expect(200)).body;
  expect(before.transfer).toEqual({ bytesDone: 300, bytesTotal: 1_500, estimated: true, filesDone: 4 });

  const sample = (secondsAgo: number, copyBytes: number, restoreBytes: number) => ({
    runId: run.id,
    at: new Date(Date.now() - secondsAgo * 1_000),
    copyBytes,
    restoreBytes,
  });
  const samples = [sample(90, 0, 0), sample(30, 300, 100), sample(20, 500, 200), sample(10, 600, 300)];
  await get(PrismaService).runSample.createMany({ data: samples });
  await get(PrismaService).step.create({
    data: { runId: run.id, name: 'capture-resources', state: 'Succeeded', output: { objects: 40, tiers: [1] } },
  });
  const { body } = await api.get(`/runs/${run.id}`).expect(200);
  expect(body.transfers).toEqual({
    copy: { bytesDone: 600, bytesTotal: 1_500, estimated: true, filesDone: 4, rate: 15, etaSeconds: 60 },
    restore: { bytesDone: 300, bytesTotal: 1_500, estimated: true, filesDone: 4, rate: 10, etaSeconds: 120 },
  });
  expect(body).toMatchObject({ transfer: body.transfers.restore, objectsTotal: 40 });
  const [listed] = (await api.get(`/runs?migrationId=${run.migrationId}`)).body.items;
  expect(listed.transfer).toEqual(body.transfer);
  const { items } = (await api.get(`/runs/${run.id}/throughput`).expect(200)).body;
  expect(items.map(({ copyRate, restoreRate }: Record<string, number>) => [copyRate, restoreRate])).toEqual([
    [5, 2],
    [20, 10],
    [10, 10],
  ]);
  // One whose volumes nobody knows yet tells nothing.
  expect((await start('rests')).transfer).toBeUndefined();
});

test('the log is looked through by level, step, volume, text, time and place; and downloaded whole, as text or JSON', async () => {
  const run = await start('logged');
  const item = 'aaaaaaaa-0000-4000-8000-000000000000';
  const lines = Array.from({ length: 2_100 }, (_, n) => ({ level: 'info' as const, message: `line ${n}` }));
  const log = get(RunEventStore);
  await log.append(run.id, ...lines);
  await log.append(
    run.id,
    { level: 'warning', step: 'copy-volume', item, message: '100% of "a_b" \u001b[31mslow\nagain' },
    { level: 'error', step: 'verify', message: 'Pods are NOT ready', data: { a: 1 } },
  );
  const messages = async (query: string) =>
    (await api.get(`/runs/${run.id}/events?limit=1000&${query}`).expect(200)).body.items.map(({ message }: { message: string }) =>
      message.slice(0, 10),
    );
  const [warning, error] = ['100% of "a', 'Pods are N'];
  const ours = (found: string[]) => found.filter((message) => message === warning || message === error);
  expect(ours(await messages('level=warning'))).toEqual([warning, error]);
  expect(await messages('level=error')).toEqual([error]);
  expect(await messages('step=verify')).toEqual([error]);
  expect(await messages(`item=${item}`)).toEqual([warning]);
  expect(await messages('text=not%20READY')).toEqual([error]);
  expect(await messages('text=100%25')).toEqual([warning]);
  expect(await messages('text=a_b')).toEqual([warning]);
  expect(await messages('text=a%25b')).toEqual([]);
  expect(await messages(`until=${encodeURIComponent(new Date(0).toISOString())}`)).toEqual([]);
  expect(await messages(`level=error&since=${encodeURIComponent(new Date(0).toISOString())}`)).toEqual([error]);
  const [last] = (await api.get(`/runs/${run.id}/events?level=error`)).body.items;
  expect(await messages(`level=warning&before=${last.id}`)).toEqual([warning]);
  expect(await messages(`after=${last.id}`)).toEqual([]);
  for (const [query, path] of [
    ['level=debug', 'level'],
    ['item=x', 'item'],
    ['text=', 'text'],
    ['since=yesterday', 'since'],
    ['text=%00', 'text'],
  ])
    expect((await api.get(`/runs/${run.id}/events?${query}`).expect(400)).body.errors).toMatchObject([{ path: [path] }]);

  const text = await api.get(`/runs/${run.id}/log`).expect(200);
  expect(text.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="godwit-run-${run.id}.log"`,
  });
  const told = text.text.split('\n');
  expect(told.filter((line) => / info {4}- line \d+$/.test(line))).toHaveLength(2_100);
  expect(told.at(-3)).toMatch(/Z warning copy-volume volume aaaaaaaa-\S+ 100% of "a_b" \\u001b\[31mslow\\nagain$/);
  expect(told.at(-1)).toBe('');
  const json = await api.get(`/runs/${run.id}/log?format=ndjson&level=error`).buffer(true).parse(asText).expect(200);
  expect(json.headers['content-type']).toContain('application/x-ndjson');
  expect(JSON.parse(json.body)).toMatchObject({ level: 'error', step: 'verify', data: { a: 1 } });
  await api.get(`/runs/${NO_ID}/log`).expect(404);
  await api.get(`/runs/${run.id}/log?format=pdf`).expect(400);
});

function asText(answer: request.Response, done: (error: Error | null, body: string) => void): void {
  let text = '';
  answer.on('data', (part: Buffer) => {
    text += part.toString();
  });
  answer.on('end', () => done(null, text));
}

test('runs are paged through, however many begin meanwhile, and found by phase, cluster, name and time', async () => {
  const before = new Date();
  const others = await api.register('paged');
  const made: string[] = [];
  for (let n = 0; n < 5; n++) {
    const saved = await api.idOf(api.post('/migrations', migration(`100%_Paged ${n}`, others)));
    made.unshift(await api.idOf(api.post(`/migrations/${saved}/runs`)));
  }
  // Of the same moment.
  await get(PrismaService).run.updateMany({ where: { id: { in: made } }, data: { createdAt: before } });
  const page = async (query: string) => (await api.get(`/runs?${query}`).expect(200)).body;
  const ids = async (query: string) => (await page(query)).items.map(({ id }: { id: string }) => id);
  const seen: string[] = [];
  for (let query = `limit=2&clusterId=${others.source}`; query; ) {
    const { items, next } = await page(query);
    seen.push(...items.map(({ id }: { id: string }) => id));
    const saved = await api.idOf(api.post('/migrations', migration(`meanwhile ${seen.length}`, others)));
    await api.post(`/migrations/${saved}/runs`).expect(201);
    query = next ? `limit=2&clusterId=${others.source}&after=${next}` : '';
  }
  expect(seen.length).toBe(5);
  expect(new Set(seen)).toEqual(new Set(made));
  expect(await ids('name=100%25_paged')).toEqual(seen);
  expect(await ids(`name=100%25_paged&phase=Failed`)).toEqual([]);
  await get(PrismaService).run.update({ where: { id: seen[1]! }, data: { phase: 'Failed' } });
  expect(await ids(`clusterId=${others.destination}&phase=Failed`)).toEqual([seen[1]]);
  const time = encodeURIComponent(before.toISOString());
  expect(await ids(`clusterId=${others.source}&until=${time}`)).toEqual(seen);
  expect(await ids(`name=100%25_paged&since=${encodeURIComponent(new Date(before.getTime() + 1).toISOString())}`)).toEqual([]);
  for (const wrong of [`after=${NO_ID}`, 'after=x', 'phase=Lost', 'name=', 'since=now'])
    expect((await api.get(`/runs?${wrong}`).expect(400)).body.errors).toMatchObject([{ path: [wrong.split('=')[0]] }]);
});
