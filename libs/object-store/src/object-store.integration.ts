import { randomBytes, randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, CreateMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createObjectStore } from './create-object-store.ts';
import { ObjectExistsError, ObjectNotFoundError } from './object-errors.ts';
import type { StoredObject } from './object-store.ts';

/** Runs against a real S3 server; whoever starts the tests says where it is. */
function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start the tests with \`npm run test:integration\`, which starts an S3 server`);
  return value;
}

const config = ObjectStoreConfig.parse({
  endpoint: need('GODWIT_TEST_S3_ENDPOINT'),
  accessKeyId: need('GODWIT_TEST_S3_ACCESS_KEY'),
  secretAccessKey: need('GODWIT_TEST_S3_SECRET_KEY'),
  region: process.env.GODWIT_TEST_S3_REGION ?? 'us-east-1',
  bucket: `godwit-test-${randomUUID().slice(0, 8)}`,
  prefix: 'team/archives',
});
const client = new S3Client({
  endpoint: config.endpoint,
  region: config.region,
  forcePathStyle: true,
  credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
});
const store = createObjectStore(config);

beforeAll(async () => {
  await client.send(new CreateBucketCommand({ Bucket: config.bucket }));
});
afterAll(() => {
  store.close();
  client.destroy();
});

async function listed(prefix: string, startAfter?: string): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const object of store.list(prefix, { startAfter })) objects.push(object);
  return objects;
}
const keysOf = async (prefix: string, startAfter?: string) => (await listed(prefix, startAfter)).map(({ key }) => key);

describe('objects', () => {
  test('what is put is got, headed and listed, with its size', async () => {
    const body = randomBytes(9_000_000);
    await store.put('round/trip', body);
    expect((await store.get('round/trip')).equals(body)).toBe(true);
    expect(await store.head('round/trip')).toEqual({ key: 'round/trip', size: body.length });
    expect(await listed('round/')).toEqual([{ key: 'round/trip', size: body.length }]);
  });

  test('the beginning of an object can be read alone, also of a shorter and of an empty one', async () => {
    await store.put('first/ten', Buffer.from('0123456789'));
    await store.put('first/none', Buffer.alloc(0));
    expect((await store.get('first/ten', { first: 4 })).toString()).toBe('0123');
    expect((await store.get('first/ten', { first: 400 })).toString()).toBe('0123456789');
    expect((await store.get('first/none', { first: 4 })).length).toBe(0);
    expect((await store.get('first/none')).length).toBe(0);
  });

  test('a missing object is told as such', async () => {
    await expect(store.get('nothing/here')).rejects.toBeInstanceOf(ObjectNotFoundError);
    await expect(store.get('nothing/here', { first: 10 })).rejects.toBeInstanceOf(ObjectNotFoundError);
    await expect(store.head('nothing/here')).rejects.toMatchObject({ reason: 'ObjectNotFound', key: 'nothing/here' });
  });

  test('a write that must not overwrite leaves what is there, and of a race exactly one wins', async () => {
    await store.put('once/a', Buffer.from('first'), { ifAbsent: true });
    await expect(store.put('once/a', Buffer.from('second'), { ifAbsent: true })).rejects.toBeInstanceOf(ObjectExistsError);
    expect((await store.get('once/a')).toString()).toBe('first');
    const race = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => store.put('once/race', Buffer.from(String(index)), { ifAbsent: true })),
    );
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('lists are in order, over several pages, and begin after a key', async () => {
    const names = Array.from({ length: 1050 }, (_, index) => `many/${String(index).padStart(8, '0')}`);
    for (let from = 0; from < names.length; from += 50) {
      await Promise.all(names.slice(from, from + 50).map((key) => store.put(key, Buffer.from('x'))));
    }
    expect(await keysOf('many/')).toEqual(names);
    expect(await keysOf('many/', 'many/00001047')).toEqual(names.slice(1048));
    expect(await store.deletePrefix('many')).toBe(1050);
    expect(await keysOf('many/')).toEqual([]);
  }, 60_000);

  test('deleting a folder spares its neighbours, ends uploads in it, and may be repeated', async () => {
    for (const key of ['runs/7/a', 'runs/7/b/c', 'runs/70/a']) await store.put(key, Buffer.from('x'));
    const upload = { Bucket: config.bucket, Key: `${config.prefix}/runs/7/half` };
    await client.send(new CreateMultipartUploadCommand(upload));
    expect(await store.deletePrefix('runs/7')).toBe(2);
    expect(await store.deletePrefix('runs/7')).toBe(0);
    expect(await keysOf('runs/')).toEqual(['runs/70/a']);
    const left = await client.send(new ListMultipartUploadsCommand({ Bucket: config.bucket }));
    expect(left.Uploads ?? []).toEqual([]);
  });

  test('deleting what is not there is no error', async () => {
    await store.put('gone/a', Buffer.from('x'));
    await store.delete(['gone/a', 'gone/never']);
    expect(await keysOf('gone/')).toEqual([]);
  });

  test('stores with another prefix of the same bucket do not see each other', async () => {
    const other = createObjectStore({ ...config, prefix: 'team/other' });
    await store.put('mine', Buffer.from('x'));
    await expect(other.get('mine')).rejects.toBeInstanceOf(ObjectNotFoundError);
    other.close();
  });

  test('an abort ends a request with the reason of the signal', async () => {
    const reason = new Error('asked to stop');
    await expect(store.get('round/trip', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const put = store.put('aborted', randomBytes(20_000_000), { signal: controller.signal });
    controller.abort(reason);
    await expect(put).rejects.toBe(reason);
  });
});

describe('the connection test', () => {
  const failing = async (change: Partial<ObjectStoreConfig>) => {
    const broken = createObjectStore({ ...config, ...change }, { maxAttempts: 1 });
    try {
      await broken.check();
    } catch (error) {
      return error as Error;
    } finally {
      broken.close();
    }
    throw new Error('the connection test found nothing wrong');
  };

  test('leaves nothing behind', async () => {
    await store.check();
    expect(await keysOf('.godwit-probe/')).toEqual([]);
  });

  test('names a bucket that is not there', async () => {
    const error = await failing({ bucket: 'no-such-bucket-of-ours' });
    expect(error).toMatchObject({ kind: 'fatal', reason: 'BucketNotFound' });
    expect(error.message).toContain(`"no-such-bucket-of-ours" at ${config.endpoint}`);
  });

  test('names wrong credentials, without telling them', async () => {
    const secretAccessKey = 'not-the-secret-key-of-anybody';
    const error = await failing({ secretAccessKey });
    expect(error).toMatchObject({ kind: 'fatal', reason: 'StoreAccessDenied' });
    expect(error.message + error.stack + JSON.stringify(error)).not.toContain(secretAccessKey);
    expect(await failing({ accessKeyId: 'nobody' })).toMatchObject({ reason: 'StoreAccessDenied' });
  });

  test('names an address where nothing listens, and one that DNS does not know', async () => {
    const error = await failing({ endpoint: 'http://127.0.0.1:9' });
    expect(error).toMatchObject({ kind: 'retryable', reason: 'StoreUnreachable' });
    expect(error.message).toContain('http://127.0.0.1:9 cannot be reached: nothing listens there');
    expect(await failing({ endpoint: 'http://store.invalid' })).toMatchObject({ reason: 'StoreUnreachable' });
  });

  test('names a server that does not speak TLS', async () => {
    const error = await failing({ endpoint: config.endpoint.replace('http:', 'https:') });
    expect(error.message).toContain('does not speak https');
  });
});

describe('a server that ends an answer early', () => {
  let server: Server;
  let requests = 0;
  beforeAll(async () => {
    server = createHttpServer((_, response) => {
      requests += 1;
      response.writeHead(200, { 'content-length': '10' });
      if (requests < 2) response.write('01234', () => response.destroy());
      else response.end('0123456789');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
  });

  test('is asked again', async () => {
    const { port } = server.address() as AddressInfo;
    const flaky = createObjectStore({ ...config, endpoint: `http://127.0.0.1:${port}` });
    expect((await flaky.get('any')).toString()).toBe('0123456789');
    expect(requests).toBe(2);
    flaky.close();
  });
});
