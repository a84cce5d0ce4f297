import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookDeliveryView } from '@godwit/contracts/webhooks';
import { WebhookMessage } from '@godwit/contracts/webhooks';
import { PrismaService } from '@godwit/db/prisma.service';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Api, migration, NO_ID } from '../../test/api.ts';
import { startTestApp, type TestApp } from '../../test/test-app.ts';

jest.setTimeout(60_000);

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

let service: TestApp;
let api: Api;
let server: Server;
let url: string;
let received: Received[] = [];
/** The statuses of the next answers; 204 when there is none. */
let answers: number[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 204, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  service = await startTestApp(10, { webhookNetworks: ['127.0.0.0/8'] });
  api = new Api(service.url);
});
afterAll(async () => {
  await service?.stop();
  server.close();
});

const webhook = (name: string, more: object = {}) => ({ name, url, phases: ['Cancelled'], ...more });

/** Saves a migration, starts a run of it and cancels that at once: nobody does its steps here. */
async function cancelledRun(name: string): Promise<string> {
  const migrationId = await api.idOf(api.post('/migrations', migration(name, await api.register(name))));
  const runId = await api.idOf(api.post(`/migrations/${migrationId}/runs`));
  await api.post(`/runs/${runId}/cancel`).expect(202);
  const prisma = service.app.get(PrismaService, { strict: false });
  // Its cleanup has no worker here either.
  for (let tries = 0; tries < 200; tries++) {
    const { count } = await prisma.step.updateMany({ where: { runId, name: 'cleanup' }, data: { state: 'Succeeded' } });
    if (count > 0) break;
    await sleep(50);
  }
  await prisma.run.update({ where: { id: runId }, data: { advanceRequestedAt: new Date(0) } });
  return runId;
}

const deliveriesOf = async (id: string): Promise<WebhookDeliveryView[]> =>
  (await api.get(`/webhooks/${id}/deliveries`).expect(200)).body.items;

test('the signing key is told once; what is saved is read, changed and deleted', async () => {
  const { body: created } = await api.post('/webhooks', webhook('first')).expect(201);
  const { signingKey, ...view } = created;
  expect(signingKey).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect((await api.get('/webhooks').expect(200)).body.items).toEqual([view]);
  const { body: changed } = await api.put(`/webhooks/${view.id}`, webhook('second', { phases: ['Failed'] })).expect(200);
  expect(changed).toMatchObject({ name: 'second', phases: ['Failed'] });
  expect(JSON.stringify((await api.get(`/webhooks/${view.id}`).expect(200)).body)).not.toContain(signingKey.slice(6));
  await api.delete(`/webhooks/${view.id}`).expect(204);
  await api.get(`/webhooks/${view.id}/deliveries`).expect(404);
  await api.get(`/webhooks/${NO_ID}`).expect(404);
});

test.each([
  ['url', 'no URL'],
  ['url', 'ftp://a.example'],
  ['url', 'http://user:password@a.example'],
  ['url', 'http://169.254.169.254/latest'],
  ['url', 'http://10.0.0.1'],
  ['phases', []],
  ['phases', ['Sometime']],
  ['name', ''],
])('a wrong %s is named: %j', async (field, value) => {
  const { body } = await api.post('/webhooks', { ...webhook('wrong'), [field]: value }).expect(400);
  expect(body.errors).toMatchObject([{ path: expect.arrayContaining([field]) }]);
});

test('a run that ends is told, signed, until it is taken; an answer that leads elsewhere is not followed', async () => {
  received = [];
  answers = [307, 500];
  const { body: taker } = await api.post('/webhooks', webhook('takes')).expect(201);
  const { body: other } = await api.post('/webhooks', webhook('wants others', { phases: ['Succeeded'] })).expect(201);
  const runId = await cancelledRun('told');

  const prisma = service.app.get(PrismaService, { strict: false });
  // Its end is written before it is made due again: else the wait that it writes would count.
  for (const [attempts, status] of [
    [1, 307],
    [2, 500],
  ]) {
    const problem = `it answered ${status}`;
    await until(async () => (await deliveriesOf(taker.id))[0]?.problem === problem);
    expect(await deliveriesOf(taker.id)).toMatchObject([{ runId, phase: 'Cancelled', attempts, problem }]);
    await prisma.webhookDelivery.updateMany({ where: { webhookId: taker.id }, data: { nextAt: new Date(0) } });
  }
  await until(async () => (await deliveriesOf(taker.id))[0]?.deliveredAt !== undefined);
  const [delivery] = await deliveriesOf(taker.id);
  expect(delivery).toMatchObject({ attempts: 3 });
  expect(delivery).not.toHaveProperty('nextAt');
  expect(await deliveriesOf(other.id)).toEqual([]);

  expect(received).toHaveLength(3);
  expect(new Set(received.map(({ body, headers }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
  for (const { body, headers } of received) {
    const message = WebhookMessage.parse(new Webhook(taker.signingKey).verify(body, headers as Record<string, string>));
    expect(message).toMatchObject({ type: 'run.cancelled', data: { runId, phase: 'Cancelled', migrationName: 'told' } });
    expect(() => new Webhook(other.signingKey).verify(body, headers as Record<string, string>)).toThrow();
  }
});

test('of a run that is cancelled in the queue, its cancellation alone is told', async () => {
  received = [];
  const id = await api.idOf(api.post('/webhooks', webhook('hears of the queue', { phases: ['Running', 'Cancelled'] })));
  const registered = await api.register('queued');
  await api.patch(`/clusters/${registered.source}`, { maxConcurrentRuns: 1 }).expect(200);
  const start = async (name: string) =>
    api.idOf(api.post(`/migrations/${await api.idOf(api.post('/migrations', migration(name, registered)))}/runs`));
  await start('at work');
  const runId = await start('in the queue');
  await api.post(`/runs/${runId}/cancel`).expect(202);
  const ofRun = async () => (await deliveriesOf(id)).filter((delivery) => delivery.runId === runId);
  await until(async () => (await ofRun())[0]?.deliveredAt !== undefined);
  expect(await ofRun()).toMatchObject([{ phase: 'Cancelled' }]);
  const messages = received.map(({ body }) => WebhookMessage.parse(JSON.parse(body)));
  expect(messages.find(({ data }) => data.runId === runId)).toMatchObject({
    type: 'run.cancelled',
    data: { runId, kind: 'Migration', migrationName: 'in the queue' },
  });
});

test('the beginning of a run is told, and a host that is not there is tried again later', async () => {
  const { body: begins } = await api.post('/webhooks', webhook('begins', { phases: ['Running'] })).expect(201);
  const nowhere = await api.idOf(api.post('/webhooks', webhook('nowhere', { url: 'http://127.0.0.1:1/', phases: ['Running'] })));
  const migrationId = await api.idOf(api.post('/migrations', migration('begun', await api.register('begun'))));
  const runId = await api.idOf(api.post(`/migrations/${migrationId}/runs`));
  await until(async () => (await deliveriesOf(begins.id))[0]?.deliveredAt !== undefined);
  // Messages of the runs before may still come.
  const messages = received.map(({ body }) => WebhookMessage.parse(JSON.parse(body)));
  expect(messages.find(({ data }) => data.runId === runId)).toMatchObject({ type: 'run.running' });
  await until(async () => (await deliveriesOf(nowhere))[0]?.problem !== undefined);
  expect(await deliveriesOf(nowhere)).toMatchObject([
    { problem: 'it cannot be reached (ECONNREFUSED)', nextAt: expect.any(String) },
  ]);
});

async function until(test: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await test()); tries++) {
    if (tries === 600) throw new Error('it did not come to that');
    await sleep(50);
  }
}
