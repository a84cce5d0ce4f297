import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { KubeClient } from './kube-client.ts';
import { NAMESPACE } from './resource-type.ts';

let server: Server | undefined;
let client: KubeClient | undefined;

afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  server?.close();
});

/** An API server that bears so many requests at once, as its filter for priority and fairness does without a queue. */
async function serve(most: number): Promise<{ client: KubeClient; seen: { most: number; refused: number; done: number } }> {
  const seen = { most: 0, refused: 0, done: 0 };
  let inFlight = 0;
  server = createServer((_request, response: ServerResponse) => {
    seen.most = Math.max(seen.most, inFlight + 1);
    if (inFlight >= most) {
      seen.refused += 1;
      response.writeHead(429, { 'retry-after': '1', 'content-type': 'text/plain' });
      response.end('Too many requests, please try again later.\n');
      return;
    }
    inFlight += 1;
    setTimeout(() => {
      inFlight -= 1;
      seen.done += 1;
      response.end(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }));
    }, 20);
  });
  return { client: await connect(server), seen };
}

async function connect(to: Server): Promise<KubeClient> {
  await new Promise<void>((resolve) => to.listen(0, '127.0.0.1', resolve));
  const kubeconfig = new KubeConfig();
  const url = `http://127.0.0.1:${(to.address() as AddressInfo).port}`;
  kubeconfig.loadFromClusterAndUser({ name: 'k', server: url, skipTLSVerify: false }, { name: 'u' });
  client = new KubeClient(kubeconfig, 'test');
  return client;
}

const read = (from: KubeClient) => from.get(NAMESPACE, undefined, 'a');

test('a server that bears all gets more and more at once', async () => {
  const { client, seen } = await serve(1_000);
  await Promise.all(Array.from({ length: 1_000 }, () => read(client)));
  expect(seen).toMatchObject({ refused: 0, done: 1_000 });
  expect(seen.most).toBeGreaterThan(16);
  expect(seen.most).toBeLessThanOrEqual(64);
});

test('a server that is busy is asked again when it says, with fewer at once, and every request is answered', async () => {
  const { client, seen } = await serve(6);
  await Promise.all(Array.from({ length: 200 }, () => read(client)));
  expect(seen.done).toBe(200);
  // The first 16 find room for 6; after that there are 8 at most, and then 4 and one more each round.
  expect(seen.refused).toBeGreaterThanOrEqual(10);
  expect(seen.refused).toBeLessThan(60);
});

test('what refuses one object slows nobody down, and is asked again', async () => {
  let asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    const status = { reason: 'TooManyRequests', message: 'storage is (re)initializing', details: { retryAfterSeconds: 1 } };
    if (asked > 1) response.end(JSON.stringify({ kind: 'Namespace' }));
    else response.writeHead(429).end(JSON.stringify(status));
  });
  const began = performance.now();
  expect(await read(await connect(server))).toEqual({ kind: 'Namespace' });
  expect(asked).toBe(2);
  expect(performance.now() - began).toBeGreaterThan(900);
});

test('other failures are the caller’s to judge: the request may have been carried out', async () => {
  let asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(503).end(JSON.stringify({ reason: 'ServiceUnavailable', message: 'no endpoints' }));
  });
  await expect(read(await connect(server))).rejects.toMatchObject({ status: 503, kind: 'retryable' });
  expect(asked).toBe(1);
});
