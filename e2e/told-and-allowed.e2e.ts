import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunView } from '@godwit/contracts/api';
import { RunReport } from '@godwit/contracts/report';
import { type CreatedWebhook, WebhookMessage } from '@godwit/contracts/webhooks';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Api } from './support/api.ts';
import { Harness } from './support/harness.ts';
import { claim, deployment, namespace } from './support/manifests.ts';

jest.setTimeout(300_000);

const NS = 'e2e-told';
/** So long that a rate is known, of samples each five seconds, before the restore comes to its last pack. */
const MEGABYTES = 32;
const SPEED = 1;

let harness: Harness;
let receiver: Server;
const received: { headers: IncomingHttpHeaders; body: string }[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  const env = { GODWIT_AUTHENTICATION: 'required', GODWIT_WEBHOOK_NETWORKS: '127.0.0.0/8' };
  harness = await Harness.start({ name: 'told-and-allowed', env });
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(NS)));
  await harness.source.apply(namespace(NS), claim(NS, 'data'), deployment(NS, 'web', ['data']));
  await harness.source.ready(NS, 'deployment/web');
  await harness.source.exec(NS, 'deploy/web', `head -c ${MEGABYTES}000000 /dev/urandom >/data/f; echo one >/data/id`);
});

afterAll(async () => {
  receiver?.close();
  if (!harness) return;
  await Promise.all([harness.source, harness.dest].map((cluster) => cluster.deleteNamespaces(NS)));
  await harness.stop();
});

async function as(role: 'viewer' | 'operator'): Promise<Api> {
  const { key } = await harness.api.call<{ key: string }>('POST', '/api-keys', { name: role, role });
  return new Api(harness.stack.apiUrl, key);
}

test('who may run a migration does so once, sees how far it is, and all are told how it ended', async () => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const phases = ['Running', 'Succeeded'];
  const webhook = await harness.api.call<CreatedWebhook>('POST', '/webhooks', { name: 'team', url, phases });
  const copy = { maxSpeedPerStreamMBps: SPEED, concurrentStreams: 1 };
  const definition = harness.definition('told', { selection: { scope: 'Namespaces', namespaces: [NS] }, copy });
  const migration = await harness.api.createMigration(definition);
  const [nobody, viewer, operator] = [new Api(harness.stack.apiUrl), await as('viewer'), await as('operator')];

  const path = `/migrations/${migration.id}/runs`;
  const start = async (api: Api) => api.send('POST', path, undefined, { 'idempotency-key': 'told-once' });
  expect((await start(nobody)).status).toBe(401);
  expect((await start(viewer)).status).toBe(403);
  const [first, again] = [await start(operator), await start(operator)];
  expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true']);
  const { id } = (await first.json()) as RunView;
  expect(((await again.json()) as RunView).id).toBe(id);
  expect((await viewer.send('POST', `/runs/${id}/cancel`)).status).toBe(403);
  expect((await operator.send('PUT', `/migrations/${migration.id}`, definition, { 'if-match': '"7"' })).status).toBe(412);

  const times: number[] = [];
  const run = await viewer.until(id, ({ finishedAt, transfer }) => {
    if (transfer?.etaSeconds) times.push(transfer.etaSeconds);
    return finishedAt !== undefined;
  });
  if (run.phase !== 'Succeeded') throw new Error(await viewer.story(id));
  // The copy takes as long as its limit says, and the restore follows it.
  expect(times.length).toBeGreaterThan(0);
  expect(Math.max(...times)).toBeLessThan(2 * (MEGABYTES / SPEED));
  expect(run.transfer).toMatchObject({ filesDone: run.transfer!.filesTotal, bytesDone: run.transfer!.bytesTotal });

  const { items: points } = await viewer.call<{ items: { copyRate: number }[] }>('GET', `/runs/${id}/throughput`);
  expect(points.some(({ copyRate }) => copyRate > 0)).toBe(true);
  const report = RunReport.parse(await viewer.call('GET', `/runs/${id}/report`));
  expect(report.volumes).toMatchObject([{ namespace: NS, name: 'data', digests: 'Equal', files: 2 }]);
  expect(report.steps.find(({ name }) => name === 'verify')).toMatchObject({ outcome: 'Succeeded' });
  const page = await (await viewer.send('GET', `/runs/${id}/report.html`)).text();
  expect(page).toContain(NS);
  const log = await (await viewer.send('GET', `/runs/${id}/log`)).text();
  expect(log).toContain('The run succeeded');
  const searched = await viewer.call<{ items: { message: string }[] }>('GET', `/runs/${id}/events?text=SUCCEEDED%20after`);
  expect(searched.items).toHaveLength(1);

  await viewer.until(id, () => received.length >= phases.length);
  const messages = received.map(({ headers, body }) =>
    WebhookMessage.parse(new Webhook(webhook.signingKey).verify(body, headers as Record<string, string>)),
  );
  expect(messages.map(({ data }) => [data.runId, data.phase])).toEqual(phases.map((phase) => [id, phase]));

  await harness.dest.ready(NS, 'deployment/web');
  expect(await harness.dest.exec(NS, 'deploy/web', 'cat /data/id')).toBe('one\n');
  expect(await harness.leftovers(id)).toEqual([]);
});
