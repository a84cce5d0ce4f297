import { PrismaService } from '@godwit/db/prisma.service';
import { RunStore, type StoredRun } from '@godwit/db/run-store';
import { StagedVolumeStore, type StagingTask } from '@godwit/db/staged-volume-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { objectStore } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;
let registered: Registered;
let staged: StagedVolumeStore;
const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });

beforeAll(async () => {
  service = await startTestApp(9);
  api = new Api(service.url);
  registered = await api.register('staged');
  staged = get(StagedVolumeStore);
});
afterAll(() => service.stop());

const finish = (id: string) =>
  get(PrismaService).run.update({ where: { id }, data: { phase: 'Succeeded', finishedAt: new Date() } });

/** A run that stages a volume, as its restore sees it. */
async function stage(migrationId: string, kind = 'Stage'): Promise<{ run: StoredRun; task: StagingTask }> {
  const { id } = (await api.post(`/migrations/${migrationId}/runs`, { kind }).expect(201)).body;
  const run = await get(RunStore).get(id);
  const source = {
    claimUid: 'claim',
    targetStorageClassName: 'standard',
    volumeMode: 'Filesystem',
    accessModes: ['ReadWriteOnce'],
    requestedStorage: '1Gi',
  };
  const volume = { id: crypto.randomUUID(), namespace: 'shop', name: 'data', source } as unknown as StagingTask['volume'];
  const leaseUntil = new Date(Date.now() + 600_000);
  const step = await get(PrismaService).step.create({
    data: { runId: id, name: 'restore-volume', item: volume.id, state: 'Running', worker: 'a', leaseUntil },
  });
  return {
    run,
    task: {
      step,
      run: { ...run, migrationId, destinationClusterId: run.destinationClusterId ?? '' },
      volume,
      claimName: 'godwit-staged-1',
    },
  };
}
const restored = (digest: string, base?: string) => ({
  bytesDone: 1000,
  filesDone: 1,
  storedBytes: 500,
  digest,
  ...(base ? { base } : {}),
});
const shown = async (id: string) => (await api.get(`/migrations/${id}/staging`).expect(200)).body.items;

test('runs of a staged migration are started by their kind; another is refused with the field', async () => {
  const id = await api.idOf(api.post('/migrations', migration('kinds', registered)));
  for (const kind of ['Stage', 'CutOver'] as const) {
    const { body } = await api.post(`/migrations/${id}/runs`, { kind }).expect(201);
    expect(body).toMatchObject({ kind });
    await finish(body.id);
  }
  for (const kind of ['Rollback', 'DiscardStaging', 'stage'])
    expect((await api.post(`/migrations/${id}/runs`, { kind }).expect(400)).body.errors).toMatchObject([{ path: ['kind'] }]);
});

test('what a volume holds is unknown from before a restore begins until after it has ended', async () => {
  const id = await api.idOf(api.post('/migrations', migration('dirty', registered)));
  const first = await stage(id);
  const row = await staged.begin(first.task);
  expect(await shown(id)).toMatchObject([{ namespace: 'shop', name: 'data', state: 'Incomplete', stages: 0 }]);
  await staged.noteClaim(row.id, first.task, 'uid-1');
  await staged.complete(row.id, first.task, restored('one'));
  expect(await shown(id)).toMatchObject([
    { state: 'Ready', stages: 1, bytes: 1000, storedBytes: 500, isDelta: false, destinationCluster: 'staged-destination' },
  ]);
  await finish(first.run.id);

  // The next one is cut off in its restore: its worker dies with all that it knew.
  const second = await stage(id);
  await staged.begin(second.task);
  const [left] = await staged.list(first.run.organisationId, id);
  expect(left).toMatchObject({ claimUid: 'uid-1', archive: { runId: first.run.id, volumeId: first.task.volume.id } });
  expect(left?.digest).toBeUndefined();
  expect(await shown(id)).toMatchObject([{ state: 'Incomplete', stages: 1 }]);
  // Another worker does it again, to its end, and tells so twice.
  const again = await staged.begin(second.task);
  await staged.complete(again.id, second.task, restored('two', 'one'));
  await staged.complete(again.id, second.task, restored('two', 'one'));
  expect(await shown(id)).toMatchObject([{ state: 'Ready', stages: 2, isDelta: true }]);
  await finish(second.run.id);

  const other = await staged.begin({ ...second.task, claimName: 'godwit-staged-2' });
  expect(other).toMatchObject({ id: row.id, claimName: 'godwit-staged-2' });
  expect(other.claimUid).toBeUndefined();
});

test('a worker that has lost its step tells nothing of what the volume holds', async () => {
  const id = await api.idOf(api.post('/migrations', migration('fenced', registered)));
  const { run, task: late } = await stage(id);
  const row = await staged.begin(late);
  await staged.noteClaim(row.id, late, 'uid-1');
  // It is only slow; another worker takes its step, and begins to change the volume.
  const where = { id: late.step.id };
  const step = await get(PrismaService).step.update({ where, data: { attempt: { increment: 1 }, worker: 'b' } });
  const task = { ...late, step };
  await staged.begin(task);
  const refused = async (writer: StagingTask) => {
    for (const write of [
      () => staged.begin({ ...writer, claimName: 'godwit-staged-2' }),
      () => staged.noteClaim(row.id, writer, 'uid-2'),
      () => staged.complete(row.id, writer, restored('late')),
    ])
      await expect(write()).rejects.toMatchObject({ kind: 'retryable', reason: 'StepLost' });
    const [now] = await staged.list(run.organisationId, id);
    expect(now).toMatchObject({ claimName: 'godwit-staged-1', claimUid: 'uid-1', stages: 0 });
    expect(now?.digest).toBeUndefined();
  };
  await refused(late);
  // The run ends in the midst of it.
  await get(PrismaService).step.update({ where, data: { state: 'Cancelled' } });
  await refused(task);
  await finish(run.id);
});

test('a migration with staged volumes, and what these use, is not forgotten; discarding is a run', async () => {
  const others = await api.register('others');
  const id = await api.idOf(api.post('/migrations', migration('kept', others)));
  expect((await api.delete(`/migrations/${id}/staging`).expect(409)).body.title).toMatch(/nothing of it is staged/);
  const { run, task } = await stage(id);
  const row = await staged.begin(task);
  expect((await api.delete(`/migrations/${id}/staging`).expect(409)).body.title).toMatch(/unfinished/);
  await finish(run.id);
  expect((await api.delete(`/migrations/${id}`).expect(409)).body.title).toMatch(/1 volume of it is staged; discard/);

  // An edit leads elsewhere, but what is staged is still there.
  await api.put(`/migrations/${id}`, migration('kept', registered)).expect(200);
  for (const path of [`/clusters/${others.destination}`, `/clusters/${others.source}`, `/object-stores/${others.store}`])
    expect((await api.delete(path).expect(409)).body.title).toMatch(/1 staged volume/);

  const elsewhere = { ...objectStore('others-store'), bucket: 'elsewhere' };
  expect((await api.put(`/object-stores/${others.store}`, elsewhere).expect(409)).body.title).toMatch(/1 staged volume/);

  const { body } = await api.delete(`/migrations/${id}/staging`).expect(202);
  expect(body).toMatchObject({ kind: 'DiscardStaging', migrationId: id });
  await staged.remove(row.id);
  await finish(body.id);
  await api.delete(`/migrations/${id}`).expect(204);
  await api.delete(`/clusters/${others.destination}`).expect(204);
});

test('what is staged can be discarded though its cluster prefers no storage any more', async () => {
  const inherits = await api.register('inherits');
  const prefer = (storage: object | null) => api.patch(`/clusters/${inherits.source}`, { preferences: { storage } }).expect(200);
  const storage = { type: 'ObjectStore', objectStoreId: inherits.store };
  await prefer(storage);
  const id = await api.idOf(api.post('/migrations', { ...migration('inherits', inherits), copy: {} }));
  const { run, task } = await stage(id);
  await staged.begin(task);
  await finish(run.id);
  await prefer(null);
  await api.post(`/migrations/${id}/runs`, { kind: 'Stage' }).expect(422);
  const { body } = await api.delete(`/migrations/${id}/staging`).expect(202);
  expect((await get(RunStore).get(body.id)).storage).toEqual(storage);
});

test('what is staged is shown to its organisation alone', async () => {
  await api.get(`/migrations/${NO_ID}/staging`).expect(404);
  await api.delete(`/migrations/${NO_ID}/staging`).expect(404);
});
