import { z } from 'zod';
import { tenantPrefix } from './archive-layout.ts';
import { type ArchiveStorage, StorageLabel } from './archive-storage.ts';
import { ObjectStoreConfig } from './object-store-config.ts';

/** Object storage that the operator has configured for all organisations. */
export const ManagedStore = z.strictObject({
  ...ObjectStoreConfig.shape,
  /** As users choose it: `aws`. */
  provider: StorageLabel,
  /** As users choose it; requests are signed for it too, unless `signingRegion` says otherwise. */
  region: StorageLabel,
  signingRegion: z.string().min(1).max(64).optional(),
});
export type ManagedStore = z.infer<typeof ManagedStore>;

/** All that the operator has configured: each provider and region once. */
export const ManagedStores = z
  .array(ManagedStore)
  .max(1000)
  .superRefine((stores, context) => {
    for (const [index, { provider, region }] of stores.entries()) {
      const first = stores.findIndex((other) => other.provider === provider && other.region === region);
      if (first === index) continue;
      context.addIssue({ code: 'custom', path: [index, 'region'], message: `is that of entry ${first} of the same provider` });
    }
  });

/** What an organisation may choose. */
export type ManagedChoice = Pick<Extract<ArchiveStorage, { type: 'Managed' }>, 'provider' | 'region'>;

export function findManagedStore(stores: readonly ManagedStore[], choice: ManagedChoice): ManagedStore | undefined {
  return stores.find(({ provider, region }) => provider === choice.provider && region === choice.region);
}

/** How an organisation reaches its part of a managed store, and nothing beside it. */
export function configForTenant(store: ManagedStore, organisationId: string): ObjectStoreConfig {
  const { provider: _provider, signingRegion, ...config } = store;
  return {
    ...config,
    region: signingRegion ?? store.region,
    prefix: tenantPrefix(store.prefix, organisationId),
  };
}
