import { FatalError } from '@godwit/contracts/errors';
import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { ObjectStoreStore } from '@godwit/db/object-store-store';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import type { ObjectStore } from '@godwit/object-store/object-store';
import { Injectable } from '@nestjs/common';

/** The registered store that a run's archive lies in. */
@Injectable()
export class ArchiveAccess {
  constructor(private readonly stores: ObjectStoreStore) {}

  async config(objectStoreId: string): Promise<ObjectStoreConfig> {
    const opened = await this.stores.openConfig(objectStoreId);
    if (!opened) {
      throw new FatalError('ObjectStoreNotRegistered', 'the object store is not registered any more', {
        cure: 'Register it again and edit the migration.',
      });
    }
    return opened.config;
  }

  /** Opens the store for the time of one use. */
  async use<T>(objectStoreId: string, work: (store: ObjectStore) => Promise<T>): Promise<T> {
    const store = createObjectStore(await this.config(objectStoreId));
    try {
      return await work(store);
    } finally {
      store.close();
    }
  }
}
