import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { FatalError } from '@godwit/contracts/errors';
import type { PackSender, PackTransfer, SenderOptions } from '@godwit/contracts/pack-transfer';
import { checkStore } from './check-store.ts';
import { abortUploads, DELETE_BATCH, deleteBatch } from './delete-objects.ts';
import { ObjectNotFoundError } from './object-errors.ts';
import type { ObjectStore, RequestOptions, StoredObject } from './object-store.ts';
import { readBody } from './read-body.ts';
import { isEmptyRange, isMissingObject } from './read-thrown.ts';
import { S3PackTransfer } from './s3-pack-transfer.ts';
import type { StoreRequests } from './store-requests.ts';
import { lookingFirst, WriteIfAbsent } from './write-if-absent.ts';

/** Somebody waits for the answer of a test, so it gives up sooner than a mover would. */
const CHECK_ATTEMPTS = 3;

export class S3ObjectStore implements ObjectStore {
  readonly #requests: StoreRequests;
  readonly #senderOptions: SenderOptions;
  readonly #writes = new WriteIfAbsent();

  /** @param senderOptions for those who bring connections of their own */
  constructor(requests: StoreRequests, senderOptions: SenderOptions) {
    this.#requests = requests;
    this.#senderOptions = senderOptions;
  }

  async put(
    key: string,
    body: Uint8Array,
    { ifAbsent = false, signal }: RequestOptions & { ifAbsent?: boolean } = {},
  ): Promise<void> {
    const { client, bucket, keys } = this.#requests;
    const input = { Bucket: bucket, Key: keys.toBucket(key), Body: body, ContentLength: body.length };
    const exists = () => this.#exists(key, signal);
    const send = async (condition: { IfNoneMatch?: '*' }) => {
      await client.send(new PutObjectCommand({ ...input, ...condition }), { abortSignal: signal });
    };
    const write = (condition: { IfNoneMatch?: '*' }) =>
      this.#requests.send(
        signal,
        lookingFirst(
          key,
          () => this.#isSeen(key, signal),
          () => send(condition),
        ),
      );
    await this.#requests.explain(signal, () =>
      ifAbsent ? this.#writes.write({ key, write, exists }) : this.#requests.send(signal, () => send({})),
    );
  }

  async get(key: string, { first, signal }: RequestOptions & { first?: number } = {}): Promise<Buffer> {
    const { client, bucket, keys } = this.#requests;
    const input = {
      Bucket: bucket,
      Key: keys.toBucket(key),
      ...(first === undefined ? {} : { Range: `bytes=0-${first - 1}` }),
    };
    return this.#requests.explain(signal, async () => {
      try {
        return await this.#requests.send(signal, async () => {
          const { Body, ContentLength } = await client.send(new GetObjectCommand(input), { abortSignal: signal });
          if (Body === undefined || ContentLength === undefined)
            throw new FatalError('StoreRefused', `The answer for ${key} has no length`);
          return await readBody(Body as Readable, ContentLength);
        });
      } catch (error) {
        if (isMissingObject(error)) throw new ObjectNotFoundError(key);
        if (first !== undefined && isEmptyRange(error)) return Buffer.alloc(0);
        throw error;
      }
    });
  }

  async head(key: string, { signal }: RequestOptions = {}): Promise<StoredObject> {
    const { client, bucket, keys } = this.#requests;
    const command = { Bucket: bucket, Key: keys.toBucket(key) };
    return this.#requests.explain(signal, async () => {
      try {
        const send = () => client.send(new HeadObjectCommand(command), { abortSignal: signal });
        return { key, size: (await this.#requests.send(signal, send)).ContentLength ?? 0 };
      } catch (error) {
        throw isMissingObject(error) ? new ObjectNotFoundError(key) : error;
      }
    });
  }

  async *list(
    prefix: string,
    { startAfter, signal }: RequestOptions & { startAfter?: string } = {},
  ): AsyncGenerator<StoredObject> {
    const { client, bucket, keys } = this.#requests;
    let from: { StartAfter?: string; ContinuationToken?: string } =
      startAfter === undefined ? {} : { StartAfter: keys.toBucket(startAfter) };
    for (;;) {
      const input = { Bucket: bucket, Prefix: keys.prefixToBucket(prefix), ...from };
      const send = () => client.send(new ListObjectsV2Command(input), { abortSignal: signal });
      const page = await this.#requests.explain(signal, () => this.#requests.send(signal, send));
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: keys.fromBucket(Key), size: Size ?? 0 };
      }
      if (!page.IsTruncated || page.NextContinuationToken === undefined) return;
      from = { ContinuationToken: page.NextContinuationToken };
    }
  }

  async delete(keys: readonly string[], { signal }: RequestOptions = {}): Promise<void> {
    for (let from = 0; from < keys.length; from += DELETE_BATCH) {
      const batch = keys.slice(from, from + DELETE_BATCH);
      await this.#requests.explain(signal, () => deleteBatch(this.#requests, batch, signal));
    }
  }

  async deletePrefix(prefix: string, options: RequestOptions = {}): Promise<number> {
    const folder = `${prefix}/`;
    this.#requests.keys.toBucket(prefix);
    let deleted = 0;
    let batch: string[] = [];
    const flush = async () => {
      await this.delete(batch, options);
      deleted += batch.length;
      batch = [];
    };
    for await (const { key } of this.list(folder, options)) {
      batch.push(key);
      if (batch.length === DELETE_BATCH) await flush();
    }
    await flush();
    await this.#requests.explain(options.signal, () => abortUploads(this.#requests, folder, options.signal));
    return deleted;
  }

  async check(options: RequestOptions = {}): Promise<void> {
    const impatient = new S3ObjectStore(this.#requests.withAttempts(CHECK_ATTEMPTS), this.#senderOptions);
    await checkStore(impatient, this.#requests.address.endpoint, options);
  }

  transfer<Pack>(makeSender: (options: SenderOptions) => PackSender<Pack>): PackTransfer<Pack> {
    return new S3PackTransfer({
      requests: this.#requests,
      writes: this.#writes,
      exists: (key, signal) => this.#exists(key, signal),
      isSeen: (key, signal) => this.#isSeen(key, signal),
      sender: makeSender(this.#senderOptions),
    });
  }

  close(): void {
    this.#requests.client.destroy();
  }

  /** Looks once; where nothing can be seen, nothing is. */
  async #isSeen(key: string, signal: AbortSignal | undefined): Promise<boolean> {
    const once = new S3ObjectStore(this.#requests.withAttempts(1), this.#senderOptions);
    return once.#exists(key, signal).catch(() => false);
  }

  async #exists(key: string, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await this.head(key, { signal });
      return true;
    } catch (error) {
      if (error instanceof ObjectNotFoundError) return false;
      throw error;
    }
  }
}
