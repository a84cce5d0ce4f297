import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { FatalError } from '@godwit/contracts/errors';
import {
  classifyStoreError,
  isEmptyRange,
  isMissingObject,
  isNotImplemented,
  isPreconditionFailed,
  isTransient,
} from './classify-store-error.ts';
import { ObjectExistsError, ObjectNotFoundError } from './object-errors.ts';
import type { ObjectStore, RequestOptions, StoredObject } from './object-store.ts';
import { readBody } from './read-body.ts';
import type { RelativeKeys } from './relative-keys.ts';
import type { StoreAddress } from './store-address.ts';

/** S3's limit of one batch. */
const DELETE_BATCH = 1000;
const BODY_RETRY_MS = 500;

export interface S3ObjectStoreParts {
  client: S3Client;
  keys: RelativeKeys;
  address: StoreAddress;
  /** Attempts to read a body; the client itself repeats only until an answer begins. */
  maxAttempts: number;
}

export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #keys: RelativeKeys;
  readonly #address: StoreAddress;
  readonly #maxAttempts: number;

  constructor({ client, keys, address, maxAttempts }: S3ObjectStoreParts) {
    this.#client = client;
    this.#keys = keys;
    this.#address = address;
    this.#maxAttempts = maxAttempts;
  }

  async put(
    key: string,
    body: Uint8Array,
    { ifAbsent = false, signal }: RequestOptions & { ifAbsent?: boolean } = {},
  ): Promise<void> {
    const input = { Bucket: this.#address.bucket, Key: this.#keys.toBucket(key), Body: body, ContentLength: body.length };
    await this.#explain(signal, async () => {
      try {
        await this.#client.send(new PutObjectCommand({ ...input, ...(ifAbsent ? { IfNoneMatch: '*' } : {}) }), {
          abortSignal: signal,
        });
      } catch (error) {
        if (ifAbsent && isPreconditionFailed(error)) throw new ObjectExistsError(key);
        if (!ifAbsent || !isNotImplemented(error)) throw error;
        // A server without conditional writes: looking first is the best there is.
        if (await this.#exists(key, signal)) throw new ObjectExistsError(key);
        await this.#client.send(new PutObjectCommand(input), { abortSignal: signal });
      }
    });
  }

  async get(key: string, { first, signal }: RequestOptions & { first?: number } = {}): Promise<Buffer> {
    const command = {
      Bucket: this.#address.bucket,
      Key: this.#keys.toBucket(key),
      ...(first === undefined ? {} : { Range: `bytes=0-${first - 1}` }),
    };
    return this.#explain(signal, async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const { Body, ContentLength } = await this.#client.send(new GetObjectCommand(command), { abortSignal: signal });
          if (Body === undefined || ContentLength === undefined)
            throw new FatalError('StoreRefused', `The answer for ${key} has no length`);
          return await readBody(Body as Readable, ContentLength);
        } catch (error) {
          if (isMissingObject(error)) throw new ObjectNotFoundError(key);
          if (first !== undefined && isEmptyRange(error)) return Buffer.alloc(0);
          if (attempt >= this.#maxAttempts || !isTransient(error)) throw error;
          await setTimeout(BODY_RETRY_MS * attempt, undefined, { signal });
        }
      }
    });
  }

  async head(key: string, { signal }: RequestOptions = {}): Promise<StoredObject> {
    return this.#explain(signal, async () => {
      try {
        const command = new HeadObjectCommand({ Bucket: this.#address.bucket, Key: this.#keys.toBucket(key) });
        return { key, size: (await this.#client.send(command, { abortSignal: signal })).ContentLength ?? 0 };
      } catch (error) {
        throw isMissingObject(error) ? new ObjectNotFoundError(key) : error;
      }
    });
  }

  async *list(
    prefix: string,
    { startAfter, signal }: RequestOptions & { startAfter?: string } = {},
  ): AsyncGenerator<StoredObject> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#address.bucket,
        Prefix: this.#keys.prefixToBucket(prefix),
        ...(token
          ? { ContinuationToken: token }
          : startAfter === undefined
            ? {}
            : { StartAfter: this.#keys.toBucket(startAfter) }),
      });
      const page = await this.#explain(signal, () => this.#client.send(command, { abortSignal: signal }));
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined) yield { key: this.#keys.fromBucket(Key), size: Size ?? 0 };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async delete(keys: readonly string[], { signal }: RequestOptions = {}): Promise<void> {
    for (let from = 0; from < keys.length; from += DELETE_BATCH) {
      const batch = keys.slice(from, from + DELETE_BATCH);
      await this.#explain(signal, () => this.#deleteBatch(batch, signal));
    }
  }

  async deletePrefix(prefix: string, options: RequestOptions = {}): Promise<number> {
    const folder = `${prefix}/`;
    this.#keys.toBucket(prefix);
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
    await this.#abortUploads(folder, options.signal);
    return deleted;
  }

  async check(options: RequestOptions = {}): Promise<void> {
    const key = `.godwit-probe/${randomUUID()}`;
    const body = Buffer.from(`Written by Godwit to test this connection, ${new Date().toISOString()}\n`);
    await this.put(key, body, options);
    try {
      if (!(await this.get(key, options)).equals(body))
        throw this.#untrue('an object that was written is read with other content');
      const listed: string[] = [];
      for await (const object of this.list(key, options)) listed.push(object.key);
      if (!listed.includes(key)) throw this.#untrue('an object that was written is not listed');
    } finally {
      await this.delete([key], options);
    }
  }

  close(): void {
    this.#client.destroy();
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

  async #deleteBatch(batch: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const Bucket = this.#address.bucket;
    const Objects = batch.map((key) => ({ Key: this.#keys.toBucket(key) }));
    try {
      const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
      const refused = (await this.#client.send(command, { abortSignal: signal })).Errors?.find(
        ({ Code }) => Code !== 'NoSuchKey',
      );
      if (refused)
        throw Object.assign(new Error(refused.Message ?? ''), {
          name: refused.Code ?? 'Unknown',
          $metadata: { httpStatusCode: 403 },
        });
    } catch (error) {
      if (!isNotImplemented(error)) throw error;
      for (const { Key } of Objects) await this.#client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal: signal });
    }
  }

  async #abortUploads(folder: string, signal: AbortSignal | undefined): Promise<void> {
    const Bucket = this.#address.bucket;
    await this.#explain(signal, async () => {
      try {
        const list = new ListMultipartUploadsCommand({ Bucket, Prefix: this.#keys.prefixToBucket(folder) });
        // Those of a page are gone when the next one is asked for, so each page is the first.
        for (let uploads = await this.#client.send(list, { abortSignal: signal }); uploads.Uploads?.length; ) {
          for (const { Key, UploadId } of uploads.Uploads) {
            await this.#client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal: signal });
          }
          uploads = await this.#client.send(list, { abortSignal: signal });
        }
      } catch (error) {
        if (!isNotImplemented(error)) throw error;
      }
    });
  }

  #untrue(what: string): FatalError {
    return new FatalError('StoreRefused', `${this.#address.endpoint} cannot hold archives: ${what}`, {
      cure: 'Use object storage whose reads and listings show what was just written.',
    });
  }

  /** Runs requests; an abort is thrown as the signal's reason, anything else in words for people. */
  async #explain<T>(signal: AbortSignal | undefined, send: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await send();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RangeError) throw error;
      throw classifyStoreError(error, this.#address);
    }
  }
}
