import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';

/** What may be said of a store in a message: everything but its secrets. */
export interface StoreAddress {
  endpoint: string;
  region: string;
  bucket: string;
}

/** @returns the address without any user name or password that somebody put into the URL. */
export function addressOf({ endpoint, region, bucket }: ObjectStoreConfig): StoreAddress {
  const url = new URL(endpoint);
  url.username = '';
  url.password = '';
  url.search = '';
  return { endpoint: url.href.replace(/\/$/, ''), region, bucket };
}
