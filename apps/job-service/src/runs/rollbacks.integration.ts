import type { RunPhase } from '@godwit/contracts/run';
import { PrismaService } from '@godwit/db/prisma.service';
import { RunEventStore } from '@godwit/db/run-event-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

let service: TestApp;
let api: Api;
let registered: Registered;
const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });

beforeAll(async () => {
  service = await startTestApp(11);
  api = new Api(service.url);
  registered = await api.register('shop');
});
afterAll(() => service.stop());

const end = (id: string, phase: RunPhase) => get(PrismaService).run.update({ where: { id }, data: { phase } });

async function start(name: string) {
  const migrationId = await api.idOf(api.post('/migrations', migration(name, registered)));
  return { migrationId, run: await api.idOf(api.post(`/migrations/${migrationId}/runs`)) };
}

/** A run that has applied something, and is over. */
async function applied(name: string, phase: RunPhase = 'Succeeded') {
  const { migrationId, run } = await start(name);
  await get(PrismaService).step.create({ data: { runId: run, name: 'apply-resources', state: 'Succeeded' } });
  await end(run, phase);
  return { migrationId, run };
}

const refused = async (run: string) => (await api.post(`/runs/${run}/rollback`).expect(409)).body.title;

test('a run that has applied something is rolled back, however it ended', async () => {
  for (const phase of ['Succeeded', 'Failed', 'Cancelled'] as const) {
    const { migrationId, run } = await applied(`ended ${phase}`, phase);
    const { body } = await api.post(`/runs/${run}/rollback`).expect(201);
    expect(body).toMatchObject({
      kind: 'Rollback',
      rollbackOf: run,
      migrationId,
      phase: 'Running',
      destinationCluster: 'shop-destination',
    });
    expect((await api.get(`/runs?migrationId=${migrationId}&kind=Rollback`)).body.items).toMatchObject([{ id: body.id }]);
  }
});

test('a cut-over that left the source stopped is rolled back though it applied nothing, until its source goes on', async () => {
  const { migrationId, run } = await start('stopped');
  const cutOver = { kind: 'CutOver', phase: 'Failed', outcome: 'Failed' } as const;
  await get(PrismaService).run.update({ where: { id: run }, data: cutOver });
  expect(await refused(run)).toMatch(/nothing to roll back: .*and left nothing stopped on the source/);
  await get(PrismaService).run.update({ where: { id: run }, data: { quiescedAt: new Date() } });
  const resume = await get(PrismaService).step.create({ data: { runId: run, name: 'resume-source', state: 'Succeeded' } });
  expect(await refused(run)).toMatch(/nothing to roll back/);
  await get(PrismaService).step.update({ where: { id: resume.id }, data: { state: 'Failed' } });
  const { body } = await api.post(`/runs/${run}/rollback`).expect(201);
  expect(body).toMatchObject({ kind: 'Rollback', rollbackOf: run, migrationId });
});

test('what cannot be rolled back is refused, and it is said why', async () => {
  const { run } = await start('refused');
  expect(await refused(run)).toMatch(/unfinished; wait for it or cancel it first/);
  await end(run, 'Failed');
  expect(await refused(run)).toMatch(/nothing to roll back: the run ended before it applied anything/);
  const preview = await api.idOf(api.post('/previews', migration('preview', registered)));
  await end(preview, 'Succeeded');
  expect(await refused(preview)).toMatch(/only a migration or a cut-over can be rolled back, and this run is of kind Preview/);
});

test('a run whose destination is not registered any more is not rolled back', async () => {
  const others = await api.register('others');
  const migrationId = await api.idOf(api.post('/migrations', migration('forgotten', others)));
  const run = await api.idOf(api.post(`/migrations/${migrationId}/runs`));
  await get(PrismaService).step.create({ data: { runId: run, name: 'apply-resources', state: 'Succeeded' } });
  await end(run, 'Succeeded');
  await api.delete(`/migrations/${migrationId}`).expect(204);
  await api.delete(`/clusters/${others.destination}`).expect(204);
  expect(await refused(run)).toMatch(/destination cluster is not registered any more/);
});

test('of many rollbacks at once one is a run; another is possible only if that one does not succeed', async () => {
  const { run } = await applied('once');
  const answers = await Promise.all(Array.from({ length: 10 }, () => api.post(`/runs/${run}/rollback`)));
  const started = answers.filter(({ status }) => status === 201);
  expect([started.length, answers.filter(({ status }) => status === 409).length]).toEqual([1, 9]);
  const first: string = started[0]!.body.id;
  expect(await refused(run)).toContain(first);
  expect(await refused(first)).toMatch(/unfinished|only a migration/);
  await end(first, 'Failed');
  const second = await api.idOf(api.post(`/runs/${run}/rollback`));
  await end(second, 'Succeeded');
  expect((await api.get(`/runs/${run}`).expect(200)).body.rolledBackBy).toBe(second);
  expect(await refused(run)).toBe(`the run was rolled back already, by the run ${second}`);
});

test('a migration does not run while it is rolled back, nor is it rolled back while it runs', async () => {
  const { migrationId, run } = await applied('alone');
  const rollback = await api.idOf(api.post(`/runs/${run}/rollback`));
  expect((await api.post(`/migrations/${migrationId}/runs`).expect(409)).body.title).toContain(rollback);
  await end(rollback, 'Failed');
  const next = await api.idOf(api.post(`/migrations/${migrationId}/runs`));
  expect(await refused(run)).toContain(next);
});

test('findings are told once each, all or those of one severity, page by page', async () => {
  const { run } = await start('findings');
  const finding = (severity: 'error' | 'warning' | 'note', reason: string) => ({ severity, reason, message: `${reason} it is` });
  const line = (data: object) => ({ level: 'info' as const, message: 'told', step: 'preflight' as const, data });
  const told = [finding('note', 'One'), finding('warning', 'Two'), finding('error', 'Three'), finding('warning', 'Two')];
  await get(RunEventStore).append(run, ...told.map(line), { level: 'error', message: 'no finding', data: { reason: 'Other' } });
  await get(RunEventStore).append(run, ...told.map(line));
  const { body: all } = await api.get(`/runs/${run}/findings`).expect(200);
  expect(all.items.map(({ reason, step }: { reason: string; step: string }) => [reason, step])).toEqual([
    ['One', 'preflight'],
    ['Two', 'preflight'],
    ['Three', 'preflight'],
  ]);
  const { body: first } = await api.get(`/runs/${run}/findings?limit=2`).expect(200);
  const { body: second } = await api.get(`/runs/${run}/findings?limit=2&after=${first.next}`).expect(200);
  expect([...first.items, ...second.items]).toEqual(all.items);
  const { body: warnings } = await api.get(`/runs/${run}/findings?severity=warning`).expect(200);
  expect(warnings.items).toMatchObject([{ ...finding('warning', 'Two'), step: 'preflight' }]);
  expect((await api.get(`/runs/${run}/findings?severity=bad`).expect(400)).body.errors).toMatchObject([{ path: ['severity'] }]);
});

test('an id that is none, or that nothing has', async () => {
  for (const [status, id] of [
    [400, 'x'],
    [404, NO_ID],
  ] as const) {
    await api.post(`/runs/${id}/rollback`).expect(status);
    await api.get(`/runs/${id}/findings`).expect(status);
    await api.post(`/migrations/${id}/previews`).expect(status);
  }
});
