import { PrismaService } from '@godwit/db/prisma.service';
import { VolumeStore } from '@godwit/db/volume-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { saveTestProgress } from '../../../../tools/testing/test-run.ts';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;
let registered: Registered;
const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });

beforeAll(async () => {
  service = await startTestApp(10);
  api = new Api(service.url);
  registered = await api.register('shop');
});
afterAll(() => service.stop());

const finish = (id: string) => get(PrismaService).run.update({ where: { id }, data: { phase: 'Succeeded' } });

test('a definition is previewed without being saved, and saves nothing', async () => {
  const definition = migration('unsaved', registered);
  const { body: run } = await api.post('/previews', definition).expect(201);
  expect(run).toMatchObject({ kind: 'Preview', migrationName: 'unsaved', phase: 'Running', progress: 0 });
  expect(run).not.toHaveProperty('migrationId');
  expect((await api.get(`/runs/${run.id}`).expect(200)).body).toMatchObject({ kind: 'Preview', definition });
  expect((await api.get('/migrations')).body.items).toEqual([]);
});

test('what is wrong in a definition, or not registered, is named', async () => {
  const good = migration('wrong', registered);
  expect((await api.post('/previews', { ...good, name: '' }).expect(400)).body.errors).toMatchObject([{ path: ['name'] }]);
  const gone = { ...good, copy: { ...good.copy, storage: { type: 'ObjectStore', objectStoreId: NO_ID } } };
  expect((await api.post('/previews', gone).expect(422)).body.errors).toMatchObject([
    { path: ['copy', 'storage', 'objectStoreId'] },
  ]);
});

test('a migration is previewed while it runs, and its lists tell the two apart', async () => {
  const id = await api.idOf(api.post('/migrations', migration('saved', registered)));
  const run = await api.idOf(api.post(`/migrations/${id}/runs`));
  const previews = [
    await api.idOf(api.post(`/migrations/${id}/previews`)),
    await api.idOf(api.post(`/migrations/${id}/previews`)),
  ];
  const listed = async (query: string) => {
    const { body } = await api.get(`/runs?migrationId=${id}${query}`).expect(200);
    return body.items.map((item: { id: string; kind: string }) => [item.id, item.kind]);
  };
  const shown = previews.toReversed().map((preview) => [preview, 'Preview']);
  expect(await listed('&kind=Preview')).toEqual(shown);
  expect(await listed('&kind=Migration')).toEqual([[run, 'Migration']]);
  expect(await listed('')).toEqual([...shown, [run, 'Migration']]);
  expect((await api.get('/runs?kind=Try').expect(400)).body.errors).toMatchObject([{ path: ['kind'] }]);
  // A preview holds nothing up: neither a run, nor the deletion of its migration.
  await finish(run);
  await finish(await api.idOf(api.post(`/migrations/${id}/runs`)));
  await api.delete(`/migrations/${id}`).expect(204);
  await api.post(`/migrations/${id}/previews`).expect(404);
});

test('the volumes of a preview tell how long they would take: as assumed, then as measured', async () => {
  const { body: run } = await api.post('/previews', migration('volumes', registered)).expect(201);
  const volume = (name: string, skipReason?: string) => ({
    namespace: 'shop',
    name,
    targetNamespace: 'shop',
    capacityBytes: 8e9,
    source: {} as never,
    ...(skipReason ? { skipReason } : {}),
  });
  await get(VolumeStore).ensure(run.id, [volume('data'), volume('stays', 'it stays')]);
  const view = async () => (await api.get(`/runs/${run.id}`).expect(200)).body;
  const assumed = await view();
  expect(assumed.volumes).toMatchObject([{ name: 'data', estimatedSeconds: 100 }, { name: 'stays' }]);
  expect(assumed.volumes[1]).not.toHaveProperty('estimatedSeconds');
  expect(assumed.estimate).toMatchObject({ seconds: 100, bytes: 8e9, basis: expect.stringContaining('assumed 40 MB/s') });

  const id = await api.idOf(api.post('/migrations', migration('measured', registered)));
  const earlier = await api.idOf(api.post(`/migrations/${id}/runs`));
  await get(VolumeStore).ensure(earlier, [volume('data'), volume('unfinished')]);
  const [data, unfinished] = await get(VolumeStore).list(earlier);
  const progress = { bytesDone: 2e9, bytesTotal: 2e9, filesDone: 1, storedBytes: 1e9, streams: 2 };
  const startedAt = new Date(0).toISOString();
  await saveTestProgress(get(PrismaService), data!.id, 'copy', {
    ...progress,
    startedAt,
    finishedAt: new Date(10_000).toISOString(),
  });
  await saveTestProgress(get(PrismaService), unfinished!.id, 'copy', { ...progress, startedAt });
  const { estimate } = await view();
  expect(estimate).toMatchObject({ seconds: 10, bytes: 2e9, basis: expect.stringContaining('100 MB/s per stream, as measured') });
  // Where a migration is, its own progress tells.
  expect((await api.get(`/runs/${earlier}`)).body).not.toHaveProperty('estimate');
});
