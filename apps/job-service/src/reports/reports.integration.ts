import type { VolumeSource } from '@godwit/contracts/volume-source';
import { PrismaService } from '@godwit/db/prisma.service';
import { RunEventStore } from '@godwit/db/run-event-store';
import { RunObjectStore } from '@godwit/db/run-object-store';
import { VolumeStore } from '@godwit/db/volume-store';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { saveTestProgress } from '../../../../tools/testing/test-run.ts';
import { Api, migration, NO_ID, type Registered } from '../../test/api.ts';
import { SECRET_KEY, TOKEN } from '../../test/samples.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

const SECRET = 'a-secret-in-a-manifest';
const EVIL = '<script>alert("1")</script>';

let service: TestApp;
let api: Api;
let registered: Registered;
const get = <T>(type: new (...args: never[]) => T): T => service.app.get(type, { strict: false });
const at = (second: number) => new Date(Date.UTC(2026, 10, 27, 10, 0, second));

beforeAll(async () => {
  service = await startTestApp(19);
  api = new Api(service.url);
  registered = await api.register('shop');
});
afterAll(() => service.stop());

/** A cut-over that has failed, with something of all that there is to tell. */
async function finishedRun(): Promise<string> {
  const definition = {
    ...migration(`shop ${EVIL}`, registered),
    selection: { scope: 'Namespaces', namespaces: ['shop'] },
    transforms: {
      renameNamespaces: { map: { shop: 'store' } },
      resourceModifiers: [{ jsonPatch: [{ op: 'add', path: '/data/password', value: SECRET }] }],
    },
  };
  const saved = await api.idOf(api.post('/migrations', definition));
  const id = await api.idOf(api.post(`/migrations/${saved}/runs`));
  const planned = { namespace: 'shop', targetNamespace: 'store', source: {} as VolumeSource, capacityBytes: 2 ** 30 };
  await get(VolumeStore).ensure(id, [
    { ...planned, name: 'data' },
    { ...planned, name: 'logs', skipReason: 'no pod uses it' },
  ]);
  const [data] = await get(VolumeStore).list(id);
  const progress = { bytesDone: 3 * 2 ** 20, filesDone: 30, storedBytes: 2 ** 20, digest: 'd1', warnings: 1 };
  const span = (from: number, to: number) => ({ startedAt: at(from).toISOString(), finishedAt: at(to).toISOString() });
  await saveTestProgress(get(PrismaService), data!.id, 'copy', { ...progress, ...span(10, 13) });
  await saveTestProgress(get(PrismaService), data!.id, 'restore', { ...progress, ...span(11, 15) });
  const prisma = get(PrismaService);
  const error = { kind: 'retryable', reason: 'StoreUnavailable', message: `the store answered ${EVIL}`, cure: 'Wait.' };
  await prisma.step.deleteMany({ where: { runId: id } });
  await prisma.step.create({
    data: {
      runId: id,
      name: 'copy-volume',
      item: data!.id,
      state: 'Succeeded',
      startedAt: at(9),
      finishedAt: at(13),
      attempts: {
        create: [
          { attempt: 1, worker: 'w', startedAt: at(9), finishedAt: at(10), outcome: 'Failed', error },
          { attempt: 2, worker: 'w', startedAt: at(10), finishedAt: at(13), outcome: 'Succeeded' },
        ],
      },
    },
  });
  await get(RunEventStore).append(
    id,
    { level: 'info', message: 'n', step: 'preflight', data: { severity: 'note', reason: 'N', message: 'a note' } },
    {
      level: 'error',
      message: 'e',
      step: 'preflight',
      data: { severity: 'error', reason: 'E', message: `an error ${EVIL}`, object: 'Pod shop/web' },
    },
    {
      level: 'error',
      message: 'e',
      step: 'preflight',
      data: { severity: 'error', reason: 'E', message: `an error ${EVIL}`, object: 'Pod shop/web' },
    },
    { level: 'info', message: 'Hook "freeze" ran in Pod shop/db', step: 'pre-hooks', data: { output: SECRET } },
  );
  const object = { apiVersion: 'v1', namespace: 'store' };
  await get(RunObjectStore).record(id, [
    { ...object, kind: 'Secret', name: 'keys', outcome: 'Updated', changes: [{ path: '/a', after: SECRET }] },
    {
      ...object,
      kind: 'Secret',
      name: 'kept',
      outcome: 'Skipped',
      reason: 'the destination has it',
      changes: [{ path: '/a', after: SECRET }],
    },
    { ...object, kind: 'ConfigMap', name: EVIL, outcome: 'Failed', reason: 'it is too large' },
  ]);
  await prisma.run.update({
    where: { id },
    data: { phase: 'Failed', createdAt: at(0), finishedAt: at(30), quiescedAt: at(5), readyAt: at(20) },
  });
  return id;
}

test('the report of a run tells who, what, when and how, the worst first; as JSON and as a page that holds no script and no secret', async () => {
  const id = await finishedRun();
  const { body, text, headers } = await api.get(`/runs/${id}/report`).set('Accept', 'application/json').expect(200);
  expect(headers).toMatchObject({
    'content-type': expect.stringContaining('application/json'),
    vary: expect.stringContaining('Accept'),
  });
  expect(body).toMatchObject({
    run: { id, kind: 'Migration', phase: 'Failed', sourceCluster: 'shop-source', destinationCluster: 'shop-destination' },
    seconds: 30,
    downtime: { seconds: 15 },
    findings: { total: 2, items: [{ severity: 'error', object: 'Pod shop/web' }, { severity: 'note' }] },
    volumes: [
      {
        name: 'data',
        targetNamespace: 'store',
        bytes: 3 * 2 ** 20,
        files: 30,
        copySeconds: 3,
        restoreSeconds: 4,
        rate: 2 ** 20,
        digests: 'Equal',
        warnings: 2,
      },
      { name: 'logs', skipReason: 'no pod uses it', bytes: 0, digests: 'Unknown' },
    ],
    objects: [
      { kind: 'ConfigMap', outcomes: { Failed: 1 } },
      { kind: 'Secret', outcomes: { Updated: 1, Skipped: 1 } },
    ],
    troubled: { total: 1, items: [{ kind: 'ConfigMap', outcome: 'Failed', reason: 'it is too large' }] },
    left: { total: 1, items: [{ kind: 'Secret', name: 'kept', reason: 'the destination has it' }] },
    hooks: { total: 1, items: [{ step: 'pre-hooks', level: 'info', message: 'Hook "freeze" ran in Pod shop/db' }] },
  });
  expect(body.definition).toContainEqual({ label: 'Selection', value: 'the namespaces shop' });
  expect(body.definition).toContainEqual({ label: 'Changes to manifests', value: '1 rule' });
  const step = (name: string) => body.steps.find((candidate: { name: string }) => candidate.name === name);
  expect(step('copy-volume')).toMatchObject({
    outcome: 'Succeeded',
    volumes: 1,
    seconds: 4,
    attempts: 2,
    failures: [{ attempt: 1, volume: 'shop/data', outcome: 'Failed', error: { reason: 'StoreUnavailable' } }],
  });
  expect(step('verify')).toMatchObject({ outcome: 'NotReached', attempts: 0, failures: [] });

  const page = await api.get(`/runs/${id}/report.html`).expect(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  const policy = page.headers['content-security-policy']!;
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; /);
  expect(page.text).not.toContain('<script');
  expect(page.text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  expect(page.text.indexOf('an error')).toBeLessThan(page.text.indexOf('What was asked for'));
  const negotiated = await api.get(`/runs/${id}/report`).set('Accept', 'text/html,*/*;q=0.8').expect(200);
  expect(negotiated.headers['content-type']).toContain('text/html');
  for (const secret of [SECRET, TOKEN, SECRET_KEY])
    for (const told of [text, page.text, negotiated.text]) expect(told).not.toContain(secret);
});

test('a run that has just begun has a report too; one that is not there has none', async () => {
  const saved = await api.idOf(api.post('/migrations', migration('begun', registered)));
  const id = await api.idOf(api.post(`/migrations/${saved}/runs`));
  expect((await api.get(`/runs/${id}/report`).expect(200)).body).toMatchObject({
    run: { id },
    volumes: [],
    findings: { total: 0 },
  });
  expect((await api.get(`/runs/${id}/report.html`).expect(200)).text).toContain('not yet');
  await api.get(`/runs/${NO_ID}/report`).expect(404);
  await api.get(`/runs/${NO_ID}/report.html`).expect(404);
});
