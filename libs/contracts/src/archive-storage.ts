import { z } from 'zod';

/** As an operator names a provider and its regions. */
export const StorageLabel = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'has only a-z, 0-9 and "-", and neither begins nor ends with "-"');

/** A store that the organisation has registered. */
const RegisteredStorage = z.object({ type: z.literal('ObjectStore'), objectStoreId: z.uuid() });
/** A store that the operator has configured for all organisations. */
const ManagedStorage = z.object({ type: z.literal('Managed'), provider: StorageLabel, region: StorageLabel });

/** Where archives lie. */
export const ArchiveStorage = z.discriminatedUnion('type', [RegisteredStorage, ManagedStorage]);
export type ArchiveStorage = z.infer<typeof ArchiveStorage>;

/** Where a migration puts its archive: the source cluster's preference, as it is when the run begins, or a place of its own. */
export const CopyStorage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ClusterPreference') }),
  RegisteredStorage,
  ManagedStorage,
]);
export type CopyStorage = z.infer<typeof CopyStorage>;
