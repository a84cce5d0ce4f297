import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import type { ObjectStore } from './object-store.ts';

export interface ObjectStoreOptions {
  /** Attempts per request, the first one included. */
  maxAttempts?: number;
  /** How long a request may be without any progress. Milliseconds. */
  requestTimeoutMs?: number;
}

/** Connects to a bucket; nothing is sent before the first call. The caller closes it. */
export function createObjectStore(_config: ObjectStoreConfig, _options: ObjectStoreOptions = {}): ObjectStore {
  throw new Error('not written yet');
}
