import type { ArchiveStorage } from '@godwit/contracts/archive-storage';
import { FatalError } from '@godwit/contracts/errors';
import { configForTenant, findManagedStore } from '@godwit/contracts/managed-storage';
import type { ObjectStoreConfig } from '@godwit/contracts/object-store-config';
import { ObjectStoreStore } from '@godwit/db/object-store-store';
import { createObjectStore } from '@godwit/object-store/create-object-store';
import type { ObjectStore } from '@godwit/object-store/object-store';
import { AddressGuard } from '@godwit/service-kit/address-guard';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { Inject, Injectable } from '@nestjs/common';

/** What tells where an archive lies: a run, for example. */
export interface Stored {
  organisationId: string;
  storage: ArchiveStorage;
}

/** The storage that a run's archive lies in. */
@Injectable()
export class ArchiveAccess {
  constructor(
    private readonly stores: ObjectStoreStore,
    @Inject(SERVICE_CONFIG) private readonly services: Pick<ServiceConfig, 'managedStorage'>,
    private readonly guard: AddressGuard,
  ) {}

  /** @throws FatalError if the store is not there any more */
  async config({ organisationId, storage }: Stored): Promise<ObjectStoreConfig> {
    if (storage.type === 'Managed') {
      const store = findManagedStore(this.services.managedStorage, storage);
      if (!store) throw managedMissing(storage);
      return configForTenant(store, organisationId);
    }
    const opened = await this.stores.openConfig(storage.objectStoreId);
    if (!opened) {
      throw new FatalError('ObjectStoreNotRegistered', 'the object store is not registered any more', {
        cure: 'Choose another storage for the migration.',
      });
    }
    return opened.config;
  }

  /** Opens the store for the time of one use. @throws AddressRefused if it must not be reached from here */
  async use<T>(stored: Stored, work: (store: ObjectStore) => Promise<T>): Promise<T> {
    // The operator's own storage may be where he likes.
    const guard = stored.storage.type === 'Managed' ? undefined : this.guard;
    const store = createObjectStore(await this.config(stored), { guard });
    try {
      return await work(store);
    } finally {
      store.close();
    }
  }
}

function managedMissing({ provider, region }: { provider: string; region: string }): FatalError {
  return new FatalError('ManagedStorageMissing', `there is no managed storage of ${provider} in ${region}`, {
    cure: 'Choose another storage for the migration, or ask the operator to configure it again.',
  });
}
