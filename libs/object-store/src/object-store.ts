import type { PackSender, PackTransfer, SenderOptions } from '@godwit/contracts/pack-transfer';

/** One object in the store. Keys are relative: below the configured prefix and without it. */
export interface StoredObject {
  key: string;
  /** Bytes. */
  size: number;
}

export interface RequestOptions {
  signal?: AbortSignal;
}

/**
 * The archives' home: a small view of an S3 bucket.
 *
 * Every key and prefix is relative to the `prefix` of the configuration; nothing outside of it can be named.
 * Calls are retried inside. What still fails is thrown as a `RetryableError` (`StoreUnreachable`) or a `FatalError`
 * (`StoreAccessDenied`, `BucketNotFound`, `StoreRefused`, ...) whose message is for people and holds no secret; an abort is thrown
 * as the signal's own reason.
 */
export interface ObjectStore {
  /**
   * Writes one object with one request (at most 5 GiB).
   * @param options.ifAbsent never overwrite: throws `ObjectExistsError` when the key is taken.
   */
  put(key: string, body: Uint8Array, options?: RequestOptions & { ifAbsent?: boolean }): Promise<void>;

  /**
   * Reads one object into memory.
   * @param options.first read only so many bytes from its start (or all of it, if it is shorter).
   * @throws ObjectNotFoundError
   */
  get(key: string, options?: RequestOptions & { first?: number }): Promise<Buffer>;

  /** @throws ObjectNotFoundError */
  head(key: string, options?: RequestOptions): Promise<StoredObject>;

  /**
   * All objects whose key begins with `prefix`, in byte order of their keys.
   * @param options.startAfter only keys after this one; it need not exist.
   */
  list(prefix: string, options?: RequestOptions & { startAfter?: string }): AsyncIterable<StoredObject>;

  /** Deletes these objects; one that is not there is no error. */
  delete(keys: readonly string[], options?: RequestOptions): Promise<void>;

  /**
   * Deletes every object below the folder `prefix` (`runs/7` means `runs/7/…`, never `runs/70`) and aborts the multipart uploads
   * there. May be called again after a failure.
   * @returns how many objects were deleted.
   */
  deletePrefix(prefix: string, options?: RequestOptions): Promise<number>;

  /**
   * Tests the connection as a mover would use it: writes, reads, lists and deletes a probe object below the prefix.
   * @throws FatalError or RetryableError that says what is wrong (address, bucket, access, region, certificate) and what to do.
   */
  check(options?: RequestOptions): Promise<void>;

  /**
   * Packs to and from this store by connections of the caller's: addressed, signed and repeated here, sent by the sender.
   * Failures are thrown as by `put` with `ifAbsent`, and by `get`.
   */
  transfer<Pack>(makeSender: (options: SenderOptions) => PackSender<Pack>): PackTransfer<Pack>;

  /** Closes the connections (not those of senders). */
  close(): void;
}
