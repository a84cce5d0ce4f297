import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { endpointGuard } from '@godwit/service-kit/address-guard';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Certificates, makeCertificates } from '../../../tools/testing/s3/make-certificates.ts';
import { createObjectStore, type ObjectStoreOptions } from './create-object-store.ts';
import type { ObjectStore } from './object-store.ts';
import { BufferSender } from './testing/buffer-sender.ts';

/** Both ways to a store: by the client's own connections, and by a sender's. */
const WAYS: [string, (store: ObjectStore) => Promise<unknown>][] = [
  ['an object', (store) => store.get('any')],
  ['a pack', (store) => store.transfer((options) => new BufferSender(options)).get('any', new AbortController().signal)],
];

const directory = mkdtempSync(`${tmpdir()}/godwit-connections-`);
const servers: Server[] = [];
let own: Certificates;
let elsewhere: Certificates;

beforeAll(async () => {
  own = await makeCertificates(mkdtempSync(`${directory}/own-`), ['IP:127.0.0.1']);
  elsewhere = await makeCertificates(mkdtempSync(`${directory}/elsewhere-`), ['DNS:elsewhere.test']);
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true });
});

async function listen<T extends Server>(server: T): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function speakTls({ certificate, key }: Certificates): Promise<number> {
  const credentials = { cert: readFileSync(certificate), key: readFileSync(key) };
  return listen(createHttpsServer(credentials, (_, response) => response.end('content')));
}

const HASTY = { connectTimeoutMs: 300, idleTimeoutMs: 300 };

/** @returns what reading from a store there throws, or the content */
async function read(
  way: (store: ObjectStore) => Promise<unknown>,
  endpoint: string,
  caBundle?: string,
  options: ObjectStoreOptions = {},
): Promise<unknown> {
  const config = { endpoint, bucket: 'archives', accessKeyId: 'key', secretAccessKey: randomUUID(), caBundle };
  const store = createObjectStore(ObjectStoreConfig.parse(config), { maxAttempts: 2, firstWaitMs: 1, ...options });
  try {
    return String(await way(store));
  } catch (error) {
    return error;
  } finally {
    store.close();
  }
}

describe.each(WAYS)('%s', (_name, way) => {
  test('comes from a server whose authority the store knows', async () => {
    expect(await read(way, `https://127.0.0.1:${await speakTls(own)}`, own.caBundle)).toBe('content');
    const bundle = elsewhere.caBundle + own.caBundle;
    expect(await read(way, `https://127.0.0.1:${await speakTls(own)}`, bundle)).toBe('content');
  });

  test('does not come from one that somebody else vouches for, or nobody', async () => {
    const endpoint = `https://127.0.0.1:${await speakTls(own)}`;
    const untrusted = { kind: 'fatal', reason: 'StoreCertificateUntrusted', cure: expect.stringContaining('CA bundle') };
    expect(await read(way, endpoint)).toMatchObject(untrusted);
    expect(await read(way, endpoint, elsewhere.caBundle)).toMatchObject(untrusted);
  });

  test('does not come from one whose certificate is of another name', async () => {
    const endpoint = `https://127.0.0.1:${await speakTls(elsewhere)}`;
    expect(await read(way, endpoint, elsewhere.caBundle)).toMatchObject({ kind: 'fatal', reason: 'StoreCertificateUntrusted' });
  });

  test('does not come by TLS from one that does not speak it', async () => {
    const port = await listen(createHttpServer((_, response) => response.end('content')));
    expect(await read(way, `https://127.0.0.1:${port}`)).toMatchObject({ kind: 'fatal', reason: 'StoreProtocolMismatch' });
  });

  test.each(['http', 'https'])('does not come from one that accepts and is silent (%s)', async (protocol) => {
    const port = await listen(createTcpServer(() => undefined));
    const begun = performance.now();
    expect(await read(way, `${protocol}://127.0.0.1:${port}`, undefined, HASTY)).toMatchObject({
      kind: 'retryable',
      reason: 'StoreUnreachable',
      message: expect.stringContaining('did not answer in time'),
    });
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  test('does not come from where nothing listens, or no name leads', async () => {
    expect(await read(way, 'http://127.0.0.1:9')).toMatchObject({
      kind: 'retryable',
      reason: 'StoreUnreachable',
      message: 'http://127.0.0.1:9 cannot be reached: nothing listens there (ECONNREFUSED)',
    });
    expect(await read(way, 'http://store.invalid')).toMatchObject({ kind: 'retryable', reason: 'StoreUnreachable' });
  });
});

test('a store at an address that must not be reached is refused before anything is sent', async () => {
  const asked: string[] = [];
  const server = createHttpServer(({ url = '' }, response) => {
    asked.push(url);
    response.end('content');
  });
  const port = await listen(server);
  const [, viaClient] = WAYS[0]!;
  const guard = endpointGuard({ allowed: [], denied: [] });
  expect(await read(viaClient, `http://localhost:${port}`, undefined, { guard })).toMatchObject({
    kind: 'fatal',
    reason: 'AddressRefused',
    message: expect.stringContaining('localhost is an address that must not be reached from here'),
  });
  await expect(read(viaClient, `http://127.0.0.1:${port}`, undefined, { guard })).rejects.toMatchObject({
    reason: 'AddressRefused',
  });
  expect(asked).toEqual([]);
  const allowing = endpointGuard({ allowed: ['127.0.0.0/8', '::1/128'], denied: [] });
  expect(await read(viaClient, `http://localhost:${port}`, undefined, { guard: allowing })).toBe('content');
  expect(asked).toHaveLength(1);
});
