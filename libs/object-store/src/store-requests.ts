import type { S3Client } from '@aws-sdk/client-s3';
import { classifyStoreError } from './classify-store-error.ts';
import type { RelativeKeys } from './relative-keys.ts';
import type { RetryPolicy } from './retry-policy.ts';
import type { StoreAddress } from './store-address.ts';
import { withRetries } from './with-retries.ts';

export interface StoreRequestsParts {
  /** Sends each request once; repeating is done here, by one policy for all. */
  client: S3Client;
  keys: RelativeKeys;
  address: StoreAddress;
  retries: RetryPolicy;
}

/** What every operation on a store needs: whom to ask, how objects are named there, and what to do about a failure. */
export class StoreRequests {
  readonly client: S3Client;
  readonly keys: RelativeKeys;
  readonly bucket: string;
  readonly address: StoreAddress;
  readonly retries: RetryPolicy;

  constructor({ client, keys, address, retries }: StoreRequestsParts) {
    this.client = client;
    this.keys = keys;
    this.address = address;
    this.bucket = address.bucket;
    this.retries = retries;
  }

  /** @returns the same store, asked at most so often */
  withAttempts(maxAttempts: number): StoreRequests {
    const retries = { ...this.retries, maxAttempts: Math.min(maxAttempts, this.retries.maxAttempts) };
    return new StoreRequests({ client: this.client, keys: this.keys, address: this.address, retries });
  }

  /** Sends one request, repeated where that may help. @throws what the client threw: only to be seen within `explain` */
  send<T>(signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
    return withRetries(this.retries, signal, attempt);
  }

  /** Runs the requests of one operation. @throws the signal's reason when it was aborted, anything else in words for people */
  async explain<T>(signal: AbortSignal | undefined, operation: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RangeError) throw error;
      throw classifyStoreError(error, this.address);
    }
  }
}
