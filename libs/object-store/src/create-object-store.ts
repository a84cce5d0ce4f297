import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import type { AddressGuard } from '@godwit/service-kit/address-guard';
import { createClient } from './create-client.ts';
import type { ObjectStore } from './object-store.ts';
import { RelativeKeys } from './relative-keys.ts';
import { DEFAULT_RETRIES, type RetryPolicy } from './retry-policy.ts';
import { S3ObjectStore } from './s3-object-store.ts';
import { addressOf } from './store-address.ts';
import { StoreRequests } from './store-requests.ts';

export interface ObjectStoreOptions extends Partial<RetryPolicy> {
  /** How long connecting may take. Milliseconds. */
  connectTimeoutMs?: number;
  /** How long a connection may be idle within a request. Milliseconds. */
  idleTimeoutMs?: number;
  /** Where stores may be; undefined: anywhere. */
  guard?: AddressGuard | undefined;
}

/** Connects to a bucket; nothing is sent before the first call. The caller closes it. @throws AddressRefused */
export function createObjectStore(config: ObjectStoreConfig, options: ObjectStoreOptions = {}): ObjectStore {
  const { connectTimeoutMs = 10_000, idleTimeoutMs = 60_000, guard, ...retries } = options;
  guard?.checkUrl(config.endpoint);
  const requests = new StoreRequests({
    client: createClient(config, { connectTimeoutMs, idleTimeoutMs }, guard),
    keys: new RelativeKeys(config.prefix),
    address: addressOf(config),
    retries: { ...DEFAULT_RETRIES, ...retries },
  });
  return new S3ObjectStore(requests, { caBundle: config.caBundle, connectTimeoutMs, idleTimeoutMs });
}
