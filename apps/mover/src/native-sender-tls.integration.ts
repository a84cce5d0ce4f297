import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import { nativeSender } from '@godwit/volume-archive/native-sender';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Certificates, makeCertificates } from '../../../tools/testing/s3/make-certificates.ts';

const directory = mkdtempSync(`${tmpdir()}/godwit-sender-tls-`);
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

/** @returns the content that a server with this certificate has, or what reading it throws */
async function read({ certificate, key }: Certificates, caBundle?: string): Promise<unknown> {
  const credentials = { cert: readFileSync(certificate), key: readFileSync(key) };
  const server = createServer(credentials, (_, response) => response.writeHead(200, { 'content-length': 7 }).end('content'));
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = { endpoint, bucket: 'archives', accessKeyId: 'key', secretAccessKey: 'secret', caBundle };
  const store = createObjectStore(ObjectStoreConfig.parse(config), { maxAttempts: 2, firstWaitMs: 1 });
  try {
    const transfer = store.transfer((options) => nativeSender(options, undefined));
    return (await transfer.get('any', new AbortController().signal)).toBytes().toString();
  } catch (error) {
    return error;
  } finally {
    store.close();
  }
}

const untrusted = { kind: 'fatal', reason: 'StoreCertificateUntrusted', cure: expect.stringContaining('CA bundle') };

test('a pack comes from a server whose authority is among those of the bundle', async () => {
  expect(await read(own, own.caBundle)).toBe('content');
  expect(await read(own, elsewhere.caBundle + own.caBundle)).toBe('content');
});

test('it does not come from one that somebody else vouches for', async () => {
  expect(await read(own)).toMatchObject(untrusted);
  expect(await read(own, elsewhere.caBundle)).toMatchObject(untrusted);
});

test('it does not come from one whose certificate is of another name', async () => {
  expect(await read(elsewhere, elsewhere.caBundle)).toMatchObject(untrusted);
});
