import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PackTransfer, SignedRequest } from '@godwit/contracts/pack-transfer';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import { ObjectExistsError, ObjectNotFoundError } from '@godwit/object-store/object-errors';
import { nativeCore, type SealedPack } from '@godwit/volume-archive/native';
import { nativeSender } from '@godwit/volume-archive/native-sender';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ODD_KEYS } from '../../../libs/object-store/src/testing/conformance/odd-keys.ts';
import { type Fault, FaultProxy } from '../../../libs/object-store/src/testing/fault-proxy.ts';
import { testStore } from './testing/test-store.ts';

/** The native core's sender under the store's adapter, as movers use them together. What differs by server is tested with the adapter. */
const IDLE_TIMEOUT_MS = 400;
const BODY = randomBytes(600_000);
const LARGE = randomBytes(24_000_000);

const never = new AbortController().signal;
const config = testStore();
const proxy = await FaultProxy.start(config.endpoint);

function connect(idleTimeoutMs: number) {
  const retries = { maxAttempts: 4, firstWaitMs: 10, maxWaitMs: 50 };
  const store = createObjectStore({ ...config, endpoint: proxy.endpoint }, { ...retries, idleTimeoutMs });
  const streamAt = (bytesPerSecond?: number): PackTransfer<SealedPack> =>
    store.transfer((options) => nativeSender(options, bytesPerSecond));
  return { store, streamAt, transfer: streamAt() };
}

/** One for tests in which nothing is silent: the server itself may take longer to answer than the other one waits. */
const [patient, hasty] = [connect(10_000), connect(IDLE_TIMEOUT_MS)];
let { store, streamAt, transfer } = patient;

beforeAll(() => store.put('there', BODY));
beforeEach(() => {
  proxy.willDo();
  ({ store, streamAt, transfer } = patient);
});
afterAll(async () => {
  proxy.willDo();
  await store.deletePrefix('packs');
  await store.delete(['there']);
  for (const { store } of [patient, hasty]) store.close();
  proxy.stop();
});

function put(key: string, body: Buffer, { via = transfer, signal = never } = {}): Promise<void> {
  const pack = nativeCore().SealedPack.fromBytes(body);
  return via.put(key, pack, pack.length, pack.checksum().toString('base64'), signal);
}

async function get(key: string, { via = transfer, signal = never } = {}): Promise<Buffer> {
  return (await via.get(key, signal)).toBytes();
}

const newKey = () => `packs/${randomUUID()}`;
const operations: Record<string, (options?: { via?: PackTransfer<SealedPack>; signal?: AbortSignal }) => Promise<void>> = {
  get: async (options) => expect((await get('there', options)).equals(BODY)).toBe(true),
  put: (options) => put(newKey(), BODY, options),
};
const each = Object.entries(operations);

describe('packs', () => {
  test('that are put are got', async () => {
    await put('packs/large', LARGE);
    expect((await get('packs/large')).equals(LARGE)).toBe(true);
    expect((await store.get('packs/large')).equals(LARGE)).toBe(true);
  });

  test.each([0, 1, 65_536])('may have %i bytes', async (length) => {
    const body = randomBytes(length);
    await put(`packs/of-${length}`, body);
    expect((await get(`packs/of-${length}`)).equals(body)).toBe(true);
  });

  test('may have odd keys', async () => {
    for (const key of ODD_KEYS) {
      await put(`packs/${key}`, Buffer.from(key));
      expect((await get(`packs/${key}`)).toString()).toBe(key);
      expect((await store.get(`packs/${key}`)).toString()).toBe(key);
    }
  });

  test('are never overwritten', async () => {
    await put('packs/once', Buffer.from('first'));
    await expect(put('packs/once', Buffer.from('second'))).rejects.toBeInstanceOf(ObjectExistsError);
    expect((await get('packs/once')).toString()).toBe('first');
  });

  test('that are missing are told as such', async () => {
    await expect(get('packs/none')).rejects.toBeInstanceOf(ObjectNotFoundError);
  });

  test('that were damaged on the way are not stored', async () => {
    const pack = nativeCore().SealedPack.fromBytes(Buffer.from('damaged'));
    const checksum = nativeCore().SealedPack.fromBytes(Buffer.from('as sent')).checksum().toString('base64');
    await expect(transfer.put('packs/damaged', pack, pack.length, checksum, never)).rejects.toMatchObject({
      kind: 'retryable',
      reason: 'StoreReceivedDamage',
    });
    await expect(store.head('packs/damaged')).rejects.toBeInstanceOf(ObjectNotFoundError);
  });

  test('of one stream use one connection, whatever is answered', async () => {
    // The server of these tests closes each connection itself.
    let connections = 0;
    const server = createServer((request, response) => {
      request
        .resume()
        .once('end', () => response.writeHead(request.url === '/none' ? 404 : 200, { 'content-length': 7 }).end('content'));
    }).on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sender = nativeSender({ caBundle: undefined, connectTimeoutMs: 1_000, idleTimeoutMs: 1_000 }, undefined);
    for (const path of ['/one', '/none', '/two']) {
      const url = `${base}${path}`;
      await sender.put({ method: 'PUT', url, headers: {} }, nativeCore().SealedPack.fromBytes(BODY), never);
      await sender.get({ method: 'GET', url, headers: {} }, never);
    }
    expect(connections).toBe(1);
    server.close();
    server.closeAllConnections();
  });
});

describe('what may pass is tried again', () => {
  const passing: Fault[] = [
    { kind: 'answer', status: 503, code: 'SlowDown' },
    { kind: 'answer', status: 500, code: 'InternalError' },
    { kind: 'reset' },
    { kind: 'stall' },
  ];
  test.each(each.flatMap(([name, operation]) => passing.map((fault) => ({ name, fault, operation }))))(
    '$name after $fault',
    async ({ fault, operation }) => {
      if (fault.kind === 'stall') ({ store, streamAt, transfer } = hasty);
      proxy.willDo(fault, fault);
      await operation();
      expect(proxy.seen).toHaveLength(3);
    },
  );

  test.each(['cut body', 'stall body'] as const)('a get after an answer with %s', async (kind) => {
    if (kind === 'stall body') ({ store, streamAt, transfer } = hasty);
    proxy.willDo({ kind }, { kind });
    await operations.get?.();
    expect(proxy.seen).toHaveLength(3);
  });

  test('a put larger than any buffer on the way, that the server does not take', async () => {
    // As long as the server may take for so much.
    const { store, transfer: via } = connect(1_000);
    proxy.willDo({ kind: 'stall' });
    const key = newKey();
    await put(key, LARGE, { via });
    expect(proxy.seen.map(({ method }) => method)).toEqual(['PUT', 'HEAD', 'PUT']);
    expect((await get(key)).equals(LARGE)).toBe(true);
    store.close();
  });

  test('a put whose answer was lost finds its own', async () => {
    proxy.willDo({ kind: 'lose answer' });
    const key = newKey();
    const body = BODY.subarray(0, 1_000);
    await expect(put(key, body)).rejects.toBeInstanceOf(ObjectExistsError);
    expect((await get(key)).equals(body)).toBe(true);
  });

  test.each(each)('a %s that meets only silence ends by its idle time', async (name, operation) => {
    ({ store, streamAt, transfer } = hasty);
    // Between its four attempts a put looks whether the object is there.
    const requests = name === 'put' ? 7 : 4;
    proxy.willDo(...Array.from({ length: requests }, () => ({ kind: 'stall' }) as const));
    const begun = performance.now();
    await expect(operation()).rejects.toMatchObject({
      kind: 'retryable',
      reason: 'StoreUnreachable',
      message: expect.stringContaining('did not answer in time'),
    });
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(requests * IDLE_TIMEOUT_MS - 10);
    expect(took).toBeLessThan(requests * IDLE_TIMEOUT_MS + 1_500);
  });

  test.each(each)('a %s that is slower than the idle time, yet moves, is not', async (_name, operation) => {
    ({ store, streamAt, transfer } = hasty);
    await operation({ via: streamAt(BODY.length / 2) });
    expect(proxy.seen).toHaveLength(1);
  });
});

describe('an abort', () => {
  const reason = new Error('asked to stop');

  /** Aborts so long after the request was seen. @returns milliseconds from the abort to the end */
  async function abortAfter(wait: number, operate: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
    const controller = new AbortController();
    const ended = operate(controller.signal).then(
      () => 'done',
      (error) => error,
    );
    while (proxy.seen.length === 0) await sleep(5);
    await sleep(wait);
    const asked = performance.now();
    controller.abort(reason);
    expect(await ended).toBe(reason);
    return performance.now() - asked;
  }

  beforeAll(() => put('packs/slow', LARGE));

  test.each<[string, Fault | undefined, (signal: AbortSignal) => Promise<unknown>]>([
    ['a put that is not taken', { kind: 'stall' }, (signal) => put(newKey(), LARGE, { signal })],
    ['a get that is not answered', { kind: 'stall' }, (signal) => get('there', { signal })],
    ['a paced put', undefined, (signal) => put(newKey(), LARGE, { signal, via: streamAt(1_000_000) })],
    ['a paced get', undefined, (signal) => get('packs/slow', { signal, via: streamAt(1_000_000) })],
    ['a very slow put', undefined, (signal) => put(newKey(), LARGE, { signal, via: streamAt(1_000) })],
    ['a very slow get', undefined, (signal) => get('packs/slow', { signal, via: streamAt(1_000) })],
  ])('ends %s within a second', async (_name, fault, operate) => {
    if (fault) proxy.willDo(fault);
    expect(await abortAfter(200, operate)).toBeLessThan(1_000);
  });

  test('leaves a stream that can be used again', async () => {
    const via = streamAt();
    proxy.willDo({ kind: 'stall' });
    await abortAfter(50, (signal) => put(newKey(), BODY, { via, signal }));
    const key = newKey();
    await put(key, BODY, { via });
    expect((await get(key, { via })).equals(BODY)).toBe(true);
  });

  // The last: some of its requests reach the server after it has ended.
  test('is not lost at any moment of the beginning', async () => {
    const request = await signedGet();
    const sender = nativeSender({ caBundle: undefined, connectTimeoutMs: 1_000, idleTimeoutMs: 5_000 }, 100_000);
    for (let round = 0; round < 200; round += 1) {
      const controller = new AbortController();
      const ended = sender.get(request, controller.signal);
      const asked = performance.now();
      controller.abort(reason);
      await expect(ended).rejects.toBe(reason);
      expect(performance.now() - asked).toBeLessThan(1_000);
    }
  });
});

/** @returns a request as the adapter hands it to senders */
async function signedGet(): Promise<SignedRequest> {
  let seen: SignedRequest | undefined;
  const spying = store.transfer<never>(() => ({
    put: () => Promise.reject(new Error('not asked for')),
    get: async (request) => {
      seen = request;
      return { status: 404, headers: {}, text: '<Error><Code>NoSuchKey</Code></Error>' };
    },
  }));
  await expect(spying.get('there', never)).rejects.toBeInstanceOf(ObjectNotFoundError);
  return seen!;
}

test.each([
  ['http://127.0.0.1:9', 'http://127.0.0.1:9 cannot be reached: nothing listens there (ECONNREFUSED)'],
  ['http://store.invalid', expect.stringContaining('ENOTFOUND')],
])('nobody is at %s', async (endpoint, message) => {
  const nowhere = createObjectStore({ ...config, endpoint }, { maxAttempts: 2, firstWaitMs: 1 });
  const via = nowhere.transfer((options) => nativeSender(options, undefined));
  for (const operation of Object.values(operations))
    await expect(operation({ via })).rejects.toMatchObject({ kind: 'retryable', reason: 'StoreUnreachable', message });
  nowhere.close();
});
