import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';
import { afterEach, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { KubeClient } from './kube-client.ts';
import { POD } from './resource-type.ts';
import { waitForObject, waitUntilGone } from './watch.ts';

/** Answers the requests in turn, as an API server would; the last answer stands for all further ones. */
type Answer = (response: ServerResponse) => void;

let server: Server | undefined;
let client: KubeClient | undefined;

afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  server?.close();
});

async function serve(...answers: Answer[]): Promise<{ client: KubeClient; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://x').searchParams.has('watch') ? 'watch' : 'list');
    answers[Math.min(asked.length, answers.length) - 1]!(response);
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const kubeconfig = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  kubeconfig.loadFromClusterAndUser({ name: 'k', server: url, skipTLSVerify: false }, { name: 'u' });
  client = new KubeClient(kubeconfig, 'test');
  return { client, asked };
}

const pod = (phase: string, finalizers?: string[]) => ({ metadata: { name: 'web', finalizers }, status: { phase } });
const list =
  (...items: object[]): Answer =>
  (response) =>
    response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items }));
const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const refuse =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status).end(JSON.stringify({ message: 'no' }));
const open: Answer = (response) => response.writeHead(200).flushHeaders();
const closed: Answer = (response) => response.end();
const broken: Answer = (response) => {
  response.write('{"type":"MODI');
  setTimeout(() => response.destroy(), 20);
};

const ready = (object: KubernetesObject | undefined) =>
  (object?.status as { phase?: string } | undefined)?.phase === 'Ready' ? 'ready' : undefined;
const wait = (to: KubeClient, timeoutMs = 10_000, signal?: AbortSignal) =>
  waitForObject(to, POD, 'shop', 'web', ready, { what: 'waiting', timeoutMs, signal });

test('a change ends the wait', async () => {
  const { client } = await serve(list(pod('Pending')), (response) => response.write(line('MODIFIED', pod('Ready'))));
  expect(await wait(client)).toBe('ready');
});

test.each([
  ['is closed', closed],
  ['breaks within a line', broken],
  ['has expired', (response: ServerResponse) => response.end(line('ERROR', { code: 410 }))],
  ['is throttled', refuse(429)],
])('lists again when the watch %s', async (_how, answer) => {
  const { client, asked } = await serve(list(pod('Pending')), answer, list(pod('Ready')));
  expect(await wait(client)).toBe('ready');
  expect(asked).toEqual(['list', 'watch', 'list']);
});

test('outlives an API server that is away for a while', async () => {
  const { client, asked } = await serve(list(pod('Pending')), closed, refuse(503), list(pod('Ready')));
  expect(await wait(client)).toBe('ready');
  expect(asked).toEqual(['list', 'watch', 'list', 'list']);
});

test('an API server that does not answer at first is an error at once', async () => {
  const { client, asked } = await serve(refuse(503));
  await expect(wait(client)).rejects.toMatchObject({ reason: 'ApiServerBusy', kind: 'retryable' });
  expect(asked).toEqual(['list']);
});

test.each([
  [403, 'Forbidden'],
  [404, 'NotFound'],
])('a %i of the watch ends the wait with its own error', async (status, reason) => {
  const { client } = await serve(list(pod('Pending')), refuse(status));
  await expect(wait(client)).rejects.toMatchObject({ reason, kind: 'fatal' });
});

test('an abort ends the wait at once, with its own reason', async () => {
  const { client } = await serve(list(pod('Pending')), open);
  const controller = new AbortController();
  const why = new Error('stop');
  const waiting = wait(client, 60_000, controller.signal);
  setTimeout(() => controller.abort(why), 100);
  const began = performance.now();
  await expect(waiting).rejects.toBe(why);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('the end of a wait closes its watch', async () => {
  let ended = false;
  const { client } = await serve(list(pod('Pending')), (response) => {
    response.on('close', () => {
      ended = true;
    });
    response.write(line('MODIFIED', pod('Ready')));
  });
  await wait(client);
  for (let tries = 0; !ended && tries < 50; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(ended).toBe(true);
});

test('the time-out says what was waited for and in which cluster', async () => {
  const { client } = await serve(list(), open);
  await expect(wait(client, 1_000)).rejects.toMatchObject({
    reason: 'TimedOut',
    kind: 'retryable',
    message: 'cluster "test": waiting: not after 1 s; it is not there',
    subject: { cluster: 'test', object: 'Pod shop/web' },
  });
});

test('what does not go says which finalizers hold it', async () => {
  const { client } = await serve(list(pod('Running', ['example.com/hold'])), open);
  await expect(waitUntilGone(client, POD, 'shop', 'web', { timeoutMs: 1_000 })).rejects.toMatchObject({
    message: expect.stringContaining('held by the finalizers example.com/hold'),
  });
});
