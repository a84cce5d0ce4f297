import type { ArchiveStorage, CopyStorage } from '@godwit/contracts/archive-storage';
import { findManagedStore } from '@godwit/contracts/managed-storage';
import type { FieldError } from '@godwit/contracts/problem-details';
import type { RegisteredCluster } from '@godwit/db/cluster-store';
import { ObjectStoreStore } from '@godwit/db/object-store-store';
import type { ServiceConfig } from '@godwit/service-kit/config';
import { SERVICE_CONFIG } from '@godwit/service-kit/kit.module';
import { Inject, Injectable } from '@nestjs/common';

type Path = FieldError['path'];

/** The place of a definition that inherits from a cluster which prefers nothing. */
export const NO_PREFERRED_STORAGE: FieldError = {
  path: ['copy', 'storage'],
  message: 'inherits from the source cluster, which prefers no storage; choose one here, or set the preference of the cluster',
};

/** Tells whether storage that is named is there. */
@Injectable()
export class StorageReferences {
  constructor(
    private readonly stores: ObjectStoreStore,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  /**
   * @param source the source cluster, if it is registered
   * @returns what is wrong with the storage of a definition
   */
  async ofDefinition(
    organisationId: string,
    storage: CopyStorage,
    source: RegisteredCluster | undefined,
  ): Promise<FieldError | undefined> {
    const path = ['copy', 'storage'];
    if (storage.type !== 'ClusterPreference') return this.missing(organisationId, storage, path);
    if (!source) return undefined; // which is told of the cluster
    if (!source.preferredStorage) return NO_PREFERRED_STORAGE;
    const wrong = await this.missing(organisationId, source.preferredStorage, path);
    return wrong && { path, message: `inherits from the source cluster, whose preferred storage ${wrong.message}` };
  }

  /** @returns what is wrong with it, at its field below `path` */
  async missing(organisationId: string, storage: ArchiveStorage, path: Path): Promise<FieldError | undefined> {
    if (storage.type === 'ObjectStore') {
      if (await this.stores.find(organisationId, storage.objectStoreId)) return undefined;
      return { path: [...path, 'objectStoreId'], message: 'is not the id of a registered object store' };
    }
    const { managedStorage } = this.config;
    if (findManagedStore(managedStorage, storage)) return undefined;
    const offered = managedStorage.map(({ provider, region }) => `${provider} ${region}`).join(', ');
    const message = `is no managed storage of the provider ${storage.provider}; the operator offers ${offered || 'none'}`;
    return { path: [...path, 'region'], message };
  }
}
