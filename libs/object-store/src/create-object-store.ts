import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { createClient } from './create-client.ts';
import type { ObjectStore } from './object-store.ts';
import { RelativeKeys } from './relative-keys.ts';
import { S3ObjectStore } from './s3-object-store.ts';
import { addressOf } from './store-address.ts';

export interface ObjectStoreOptions {
  /** Attempts per request, the first one included. Waits between them grow to 20 seconds. */
  maxAttempts?: number;
  /** How long a connection may be idle within a request. Milliseconds. */
  idleTimeoutMs?: number;
}

/** Connects to a bucket; nothing is sent before the first call. The caller closes it. */
export function createObjectStore(config: ObjectStoreConfig, options: ObjectStoreOptions = {}): ObjectStore {
  const { maxAttempts = 6, idleTimeoutMs = 60_000 } = options;
  return new S3ObjectStore({
    client: createClient(config, { maxAttempts, idleTimeoutMs }),
    keys: new RelativeKeys(config.prefix),
    address: addressOf(config),
    maxAttempts,
  });
}
