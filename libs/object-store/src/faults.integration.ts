import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { need } from '../../../tools/testing/test-database.ts';
import { createObjectStore } from './create-object-store.ts';
import { ObjectExistsError } from './object-errors.ts';
import type { RequestOptions } from './object-store.ts';
import { BufferSender } from './testing/buffer-sender.ts';
import { listKeys } from './testing/conformance/list-keys.ts';
import { crc32c } from './testing/crc32c.ts';
import { type Fault, FaultProxy } from './testing/fault-proxy.ts';
import { makeBucket } from './testing/make-bucket.ts';

const IDLE_TIMEOUT_MS = 400;
const BODY = randomBytes(600_000);

const server = ObjectStoreConfig.parse({
  endpoint: need('GODWIT_TEST_S3_ENDPOINT'),
  region: need('GODWIT_TEST_S3_REGION'),
  accessKeyId: need('GODWIT_TEST_S3_ACCESS_KEY'),
  secretAccessKey: need('GODWIT_TEST_S3_SECRET_KEY'),
  bucket: `godwit-test-${randomUUID().slice(0, 8)}`,
  prefix: 'archives',
});
const proxy = await FaultProxy.start(server.endpoint);

function connect(idleTimeoutMs: number) {
  const retries = { maxAttempts: 4, firstWaitMs: 10, maxWaitMs: 50 };
  const store = createObjectStore({ ...server, endpoint: proxy.endpoint }, { ...retries, idleTimeoutMs });
  return { store, transfer: store.transfer((options) => new BufferSender(options)) };
}

/** One for tests in which nothing is silent: the server itself may take longer to answer than the other one waits. */
const [patient, hasty] = [connect(10_000), connect(IDLE_TIMEOUT_MS)];
let { store, transfer } = patient;
const never = new AbortController().signal;

beforeAll(async () => {
  await makeBucket(server);
  await store.put('there', BODY);
});
beforeEach(() => {
  proxy.willDo();
  ({ store, transfer } = patient);
});
afterAll(() => {
  for (const { store } of [patient, hasty]) store.close();
  proxy.stop();
});

/** One operation of each kind, that throws unless it does what it should. */
type Operation = (options?: RequestOptions) => Promise<unknown>;
const reads: Record<string, Operation> = {
  get: async (options) => expect((await store.get('there', options)).equals(BODY)).toBe(true),
  list: async () => expect(await listKeys(store, 'there')).toEqual(['there']),
  'get of a pack': async ({ signal = never } = {}) => expect((await transfer.get('there', signal)).equals(BODY)).toBe(true),
};
const operations: Record<string, Operation> = {
  ...reads,
  head: async (options) => expect(await store.head('there', options)).toEqual({ key: 'there', size: BODY.length }),
  put: (options) => store.put('put', BODY, options),
  delete: (options) => store.delete(['put'], options),
  'put of a pack': ({ signal = never } = {}) => transfer.put(`packs/${randomUUID()}`, BODY, BODY.length, crc32c(BODY), signal),
};
const each = Object.entries(operations);

const slowDown = (headers: Record<string, string> = {}): Fault => ({ kind: 'answer', status: 503, code: 'SlowDown', headers });
const times = (count: number, fault: Fault): Fault[] => Array.from({ length: count }, () => fault);

describe('what may pass is tried again', () => {
  const passing: [string, Fault][] = [
    ['503 SlowDown', slowDown()],
    ['500 InternalError', { kind: 'answer', status: 500, code: 'InternalError' }],
    ['429', { kind: 'answer', status: 429, code: 'TooManyRequests' }],
    ['408', { kind: 'answer', status: 408, code: 'RequestTimeout' }],
    ['a closed connection', { kind: 'reset' }],
    ['a server that does not answer', { kind: 'stall' }],
  ];
  test.each(each.flatMap(([name, operation]) => passing.map(([what, fault]) => ({ name, what, operation, fault }))))(
    '$name after $what',
    async ({ operation, fault }) => {
      if (fault.kind === 'stall') ({ store, transfer } = hasty);
      proxy.willDo(fault, fault);
      await operation();
      // Of a write that must not overwrite the second may be a look whether it is there, after one of which nobody knows the fate.
      expect(proxy.seen).toHaveLength(3);
    },
  );

  test.each(
    Object.entries(reads).flatMap(([name, read]) => (['cut body', 'stall body'] as const).map((kind) => ({ name, kind, read }))),
  )('$name after an answer with $kind', async ({ kind, read }) => {
    if (kind === 'stall body') ({ store, transfer } = hasty);
    proxy.willDo({ kind }, { kind });
    await read();
    expect(proxy.seen).toHaveLength(3);
  });

  test('an upload larger than any buffer on the way, that the server does not take', async () => {
    const large = randomBytes(24_000_000);
    // As long as the server may take for so much.
    const { store, transfer } = connect(1_000);
    proxy.willDo({ kind: 'stall' });
    await store.put('large', large);
    proxy.willDo({ kind: 'stall' });
    await transfer.put('packs/large', large, large.length, crc32c(large), never);
    expect(proxy.seen.map(({ method }) => method)).toEqual(['PUT', 'HEAD', 'PUT']);
    expect((await transfer.get('packs/large', never)).equals(large)).toBe(true);
    store.close();
  });

  test.each(each)('%s gives up in the end, and says what to do', async (_name, operation) => {
    proxy.willDo(...times(10, slowDown()));
    await expect(operation()).rejects.toMatchObject({
      kind: 'retryable',
      reason: 'StoreUnreachable',
      message: expect.stringMatching(/failed \(HTTP 503/),
      cure: expect.any(String),
    });
    expect(proxy.seen).toHaveLength(4);
  });

  test.each(['get', 'get of a pack', 'put of a pack'])(
    '%s waits as long as the server asks, and is signed anew',
    async (name) => {
      proxy.willDo(slowDown({ 'retry-after': '1' }));
      const begun = performance.now();
      await operations[name]!();
      expect(performance.now() - begun).toBeGreaterThan(990);
      const [first, second] = proxy.seen.map(({ headers }) => headers);
      expect(second?.['x-amz-date']).not.toBe(first?.['x-amz-date']);
      expect(second?.authorization).not.toBe(first?.authorization);
    },
  );
});

describe('what is final is not tried again', () => {
  const final = each.flatMap(([name, operation]) =>
    [
      [400, 'InvalidRequest'],
      [403, 'AccessDenied'],
    ].map(([status, code]) => ({ name, operation, status: status as number, code: code as string })),
  );
  test.each(final)('$name after $status $code', async ({ operation, status, code }) => {
    proxy.willDo({ kind: 'answer', status, code });
    await expect(operation()).rejects.toMatchObject({ kind: 'fatal' });
    expect(proxy.seen).toHaveLength(1);
  });
});

test.each(['get', 'put', 'get of a pack', 'put of a pack'])('an abort ends the wait of a %s at once', async (name) => {
  const reason = new Error('asked to stop');
  const controller = new AbortController();
  proxy.willDo(slowDown({ 'retry-after': '30' }));
  const ended = expect(operations[name]!({ signal: controller.signal })).rejects.toBe(reason);
  while (proxy.seen.length === 0) await sleep(5);
  await sleep(100); // it is answered by now
  const asked = performance.now();
  controller.abort(reason);
  await ended;
  expect(performance.now() - asked).toBeLessThan(2_000);
});

describe('a write that must not overwrite', () => {
  const ways: [string, (key: string) => Promise<void>][] = [
    ['an object', (key) => store.put(key, BODY, { ifAbsent: true })],
    ['a pack', (key) => transfer.put(key, BODY, BODY.length, crc32c(BODY), never)],
  ];

  test.each(ways)('whose answer was lost finds its own: %s', async (name, write) => {
    const key = `lost/${name}`;
    proxy.willDo({ kind: 'lose answer' });
    await expect(write(key)).rejects.toBeInstanceOf(ObjectExistsError);
    expect((await store.get(key)).equals(BODY)).toBe(true);
  });

  test('looks first where the server knows no conditions, which it is asked about once', async () => {
    const old = createObjectStore({ ...server, endpoint: proxy.endpoint });
    const packs = old.transfer((options) => new BufferSender(options));
    const body = Buffer.from('first');
    proxy.knowsConditions = false;
    try {
      await old.put('old/object', body, { ifAbsent: true });
      await expect(old.put('old/object', Buffer.from('other'), { ifAbsent: true })).rejects.toBeInstanceOf(ObjectExistsError);
      await packs.put('old/pack', body, body.length, crc32c(body), never);
      await expect(packs.put('old/pack', body, body.length, crc32c(body), never)).rejects.toBeInstanceOf(ObjectExistsError);
    } finally {
      proxy.knowsConditions = true;
      old.close();
    }
    expect((await store.get('old/object')).toString()).toBe('first');
    expect(proxy.seen.filter(({ headers }) => headers['if-none-match'] !== undefined)).toHaveLength(1);
  });
});

describe('a server by whose clock a request is too old', () => {
  const HOUR_MS = 3_600_000;
  const skewed = (status = 403, code = 'RequestTimeTooSkewed'): Fault => ({
    kind: 'answer',
    status,
    code,
    headers: { date: new Date(Date.now() + HOUR_MS).toUTCString() },
  });
  /** How far ahead the request was signed. Milliseconds. */
  const ahead = (index: number) => {
    const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(
      String(proxy.seen[index]?.headers['x-amz-date']),
    )!;
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Date.now();
  };
  const early = async (work: (store: ReturnType<typeof createObjectStore>) => Promise<void>) => {
    const fresh = createObjectStore({ ...server, endpoint: proxy.endpoint }, { firstWaitMs: 10 });
    await work(fresh);
    fresh.close();
  };

  test('gets the next one by its own clock', () =>
    early(async (fresh) => {
      proxy.willDo(skewed(), { kind: 'answer', status: 200, body: 'content' });
      expect((await fresh.get('any')).toString()).toBe('content');
      expect(ahead(0)).toBeLessThan(60_000);
      expect(ahead(1)).toBeGreaterThan(HOUR_MS - 60_000);
    }));

  test('gets the next pack by its own clock', () =>
    early(async (fresh) => {
      const packs = fresh.transfer((options) => new BufferSender(options));
      proxy.willDo(skewed(), { kind: 'answer', status: 200, body: '' });
      await packs.put('packs/any', BODY, BODY.length, crc32c(BODY), never);
      expect(ahead(0)).toBeLessThan(60_000);
      expect(ahead(1)).toBeGreaterThan(HOUR_MS - 60_000);
    }));

  test('is not asked again for what it refuses otherwise', () =>
    early(async (fresh) => {
      proxy.willDo(skewed(404, 'NoSuchKey'));
      await expect(fresh.get('any')).rejects.toMatchObject({ reason: 'ObjectNotFound' });
      expect(proxy.seen).toHaveLength(1);
    }));

  test('is not believed twice', () =>
    early(async (fresh) => {
      proxy.willDo(...times(5, skewed()));
      await expect(fresh.get('any')).rejects.toMatchObject({ kind: 'fatal', reason: 'StoreClockSkew' });
      expect(proxy.seen).toHaveLength(2);
    }));
});

describe('the connection test', () => {
  const denied: Fault = { kind: 'answer', status: 403, code: 'AccessDenied' };
  const probes = () => listKeys(store, '.godwit-probe/');

  test.each(['Writing', 'Reading', 'Listing', 'Deleting'].map((operation, index) => [operation, index] as const))(
    'says that %s failed, and what to do, and leaves no probe where it may delete',
    async (operation, before) => {
      proxy.willDo(...times(before, { kind: 'pass' }), denied);
      await expect(store.check()).rejects.toMatchObject({
        kind: 'fatal',
        reason: 'StoreAccessDenied',
        message: expect.stringMatching(new RegExp(`^${operation} a test object failed: Access to bucket "${server.bucket}"`)),
        cure: expect.stringContaining('put, get, list and delete'),
      });
      const left = await probes();
      expect(left).toHaveLength(operation === 'Deleting' ? 1 : 0);
      await store.delete(left);
    },
  );

  test('tells the first failure where more than one operation is refused', async () => {
    proxy.willDo({ kind: 'pass' }, ...times(3, denied));
    await expect(store.check()).rejects.toMatchObject({ message: expect.stringMatching(/^Reading a test object failed/) });
    proxy.willDo();
    await store.delete(await probes());
  });
});
