import { PrismaService } from '@godwit/db/prisma.service';
import { RunArchiveStore } from '@godwit/db/run-archive-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID } from '../../test/api.ts';
import { objectStore } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

const HOUR_MS = 3_600_000;

let service: TestApp;
let api: Api;
let prisma: PrismaService;
let archives: RunArchiveStore;

beforeAll(async () => {
  service = await startTestApp(21);
  api = new Api(service.url);
  prisma = service.app.get(PrismaService, { strict: false });
  archives = service.app.get(RunArchiveStore, { strict: false });
});
afterAll(() => service.stop());

async function start(name: string) {
  const registered = await api.register(name);
  const id = await api.idOf(api.post('/migrations', migration(name, registered)));
  return { ...registered, migrationId: id, run: await api.idOf(api.post(`/migrations/${id}/runs`)) };
}

/** As cleanup and advance leave a run. */
async function finish(run: string, keptUntil?: Date) {
  if (keptUntil) await archives.keepUntil(run, keptUntil);
  await prisma.run.update({ where: { id: run }, data: { phase: 'Succeeded', finishedAt: new Date() } });
}

const inAnHour = () => new Date(Date.now() + HOUR_MS);
const archiveOf = async (run: string) => (await api.get(`/runs/${run}`).expect(200)).body.archive;

test('a run shows where its archive lies and until when, and it can be deleted before', async () => {
  const { run, store } = await start('shown');
  const place = `"shown-store", s3://godwit/archives/runs/${run} at http://127.0.0.1:1`;
  const storage = { type: 'ObjectStore', objectStoreId: store };
  expect(await archiveOf(run)).toEqual({ state: 'InUse', storage, place });
  expect((await api.delete(`/runs/${run}/archive`).expect(409)).body.title).toContain('unfinished');
  const until = inAnHour();
  await finish(run, until);
  expect(await archiveOf(run)).toEqual({ state: 'Kept', storage, place, keptUntil: until.toISOString() });

  const { body: asked } = await api.delete(`/runs/${run}/archive`).expect(202);
  expect(asked).toMatchObject({ state: 'Deleting', place });
  expect((await archives.claimDue(10, HOUR_MS)).map(({ id }) => id)).toEqual([run]);
  await archives.noteDeleted(run);
  expect(await archiveOf(run)).toMatchObject({ state: 'Deleted', deletedAt: expect.any(String) });
  await api.delete(`/runs/${run}/archive`).expect(404);
});

test('of a run that wrote no archive none is shown or deleted', async () => {
  const { run } = await start('none');
  await finish(run);
  expect(await archiveOf(run)).toMatchObject({ state: 'None' });
  await api.delete(`/runs/${run}/archive`).expect(404);
  await api.delete(`/runs/${NO_ID}/archive`).expect(404);
  await api.delete('/runs/x/archive').expect(400);
});

test('a store is neither forgotten nor moved while it holds an archive that is kept', async () => {
  const { run, store, migrationId } = await start('holds');
  await finish(run, inAnHour());
  await api.delete(`/migrations/${migrationId}`).expect(204);
  const title = expect.stringContaining('the archive of 1 finished run;');
  expect((await api.delete(`/object-stores/${store}`).expect(409)).body).toMatchObject({ title });
  const moved = { ...objectStore('holds-store'), bucket: 'other' };
  expect((await api.put(`/object-stores/${store}`, moved).expect(409)).body).toMatchObject({ title });
  await api.put(`/object-stores/${store}`, { ...objectStore('holds-store'), secretAccessKey: 'rotated' }).expect(200);
  await archives.noteDeleted(run);
  await api.delete(`/object-stores/${store}`).expect(204);
});

test('what was told first of the time that an archive is kept for holds', async () => {
  const { run } = await start('told twice');
  const first = inAnHour();
  expect(await archives.keepUntil(run, first)).toEqual(first);
  expect(await archives.keepUntil(run, new Date(first.getTime() + HOUR_MS))).toEqual(first);
  expect(await archives.claimDue(10, HOUR_MS)).toEqual([]);
});

test('an archive that is due is handed to one of those who ask at once, and again when the lease has ended', async () => {
  const runs = await Promise.all([1, 2, 3, 4].map((number) => start(`due ${number}`)));
  for (const { run } of runs) await finish(run, new Date());
  const all = runs.map(({ run }) => run).sort();
  const idsOf = (claimed: { id: string }[]) => claimed.map(({ id }) => id).sort();
  expect(idsOf(await archives.claimDue(10, -1))).toEqual(all);
  const claims = await Promise.all([1, 2, 3].map(() => archives.claimDue(2, HOUR_MS)));
  expect(idsOf([...claims.flat(), ...(await archives.claimDue(10, HOUR_MS))])).toEqual(all);
  expect(await archives.claimDue(10, HOUR_MS)).toEqual([]);
  await archives.tryAgainAt(runs[0]!.run, new Date());
  expect((await archives.claimDue(10, HOUR_MS)).map(({ id }) => id)).toEqual([runs[0]!.run]);
});

test('an archive of an unfinished run is never due', async () => {
  const { run } = await start('cleans up');
  await archives.keepUntil(run, new Date());
  expect(await archives.claimDue(10, HOUR_MS)).toEqual([]);
});

test('the settings say how long archives are kept; what is not told stays', async () => {
  expect((await api.get('/settings').expect(200)).body).toEqual({ retention: { archive: { successHours: 0, failureHours: 0 } } });
  const patch = (archive: object) => api.patch('/settings', { retention: { archive } });
  expect((await patch({ failureHours: 72 }).expect(200)).body.retention.archive).toEqual({ successHours: 0, failureHours: 72 });
  await Promise.all([patch({ failureHours: 24 }).expect(200), patch({ successHours: 0.5 }).expect(200)]);
  expect((await api.patch('/settings', {}).expect(200)).body.retention.archive).toEqual({ successHours: 0.5, failureHours: 24 });
  const path = ['retention', 'archive', 'successHours'];
  for (const hours of [-1, 'x', 1e9, null])
    expect((await patch({ successHours: hours }).expect(400)).body.errors).toMatchObject([{ path }]);
  await patch({ succesHours: 1 }).expect(400);
  expect((await api.get('/settings')).body.retention.archive).toEqual({ successHours: 0.5, failureHours: 24 });
});
