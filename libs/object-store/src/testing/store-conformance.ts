import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { createObjectStore } from '../create-object-store.ts';
import type { ObjectStore } from '../object-store.ts';
import { testDeleting } from './conformance/deleting.ts';
import { testListing } from './conformance/listing.ts';
import { testObjects } from './conformance/objects.ts';
import { testRefusals } from './conformance/refusals.ts';
import { testTransfer } from './conformance/transfer.ts';

/**
 * What servers differ in, as far as it concerns us. It is stated for each server and then tested as stated, both ways: what a server
 * cannot do is seen here, and what it learns is noticed.
 */
export interface StoreCapabilities {
  /** Keeps to `If-None-Match: *`; else a write that must not overwrite does so. */
  conditionalWrites: boolean;
  /** Compares `x-amz-checksum-crc32c` with what arrived; else it stores what arrived. */
  checksums: boolean;
  /** Lists multipart uploads by a prefix; else only by a whole key, and what was left of uploads stays until the server ends it. */
  uploadsByPrefix: boolean;
  /** Refuses a session token that it never gave; else it overlooks any. */
  sessionTokens: boolean;
  /** Refuses requests that were signed for another region; else it takes any. */
  regions: boolean;
}

/** A server may have to be built first. */
const OPEN_TIMEOUT_MS = 900_000;

/** What the tests of one part of the suite get. The store and its configuration are there once tests run. */
export interface Conformance {
  readonly store: ObjectStore;
  /** Of a bucket that is the suite's own. */
  readonly config: ObjectStoreConfig;
  readonly capabilities: StoreCapabilities;
}

/**
 * Registers the tests that every store must pass which is to hold archives.
 * @param name of the server, in the names of tests
 * @param open makes a bucket, which must be empty; called once before the tests
 */
export function describeStoreConformance(
  name: string,
  capabilities: StoreCapabilities,
  open: () => Promise<ObjectStoreConfig>,
): void {
  describe(`${name} as a store of archives`, () => {
    let config: ObjectStoreConfig | undefined;
    let store: ObjectStore | undefined;
    beforeAll(async () => {
      config = await open();
      store = createObjectStore(config);
    }, OPEN_TIMEOUT_MS);
    afterAll(() => store?.close());

    const conformance: Conformance = {
      get config() {
        if (!config) throw new Error(`${name} is not open yet`);
        return config;
      },
      get store() {
        if (!store) throw new Error(`${name} is not open yet`);
        return store;
      },
      capabilities,
    };
    testObjects(conformance);
    testListing(conformance);
    testDeleting(conformance);
    testTransfer(conformance);
    testRefusals(conformance);
  });
}
