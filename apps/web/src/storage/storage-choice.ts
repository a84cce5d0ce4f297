import type { ArchiveStorage, CopyStorage } from '@godwit/contracts/archive-storage';
import { useQuery } from '@tanstack/react-query';
import { managedStorageQuery, objectStoresQuery } from '../api/object-stores.ts';

export interface StorageOption {
  /** Of the option in a list. */
  key: string;
  label: string;
  storage: ArchiveStorage;
}

/** @returns what tells a choice from all others; empty: none of its own */
export function keyOfStorage(storage: CopyStorage | undefined): string {
  if (storage === undefined || storage.type === 'ClusterPreference') return '';
  return storage.type === 'ObjectStore' ? storage.objectStoreId : `${storage.provider}/${storage.region}`;
}

/** The places where archives can lie: registered stores, and those that are managed for all. */
export function useStorageOptions(): StorageOption[] {
  const { data: stores = [] } = useQuery(objectStoresQuery);
  const { data: managed = [] } = useQuery(managedStorageQuery);
  const options: Omit<StorageOption, 'key'>[] = [
    ...managed.map(({ provider, region }) => ({
      label: `Managed: ${provider}, ${region}`,
      storage: { type: 'Managed' as const, provider, region },
    })),
    ...stores.map(({ id, name }) => ({ label: name, storage: { type: 'ObjectStore' as const, objectStoreId: id } })),
  ];
  return options.map((option) => ({ ...option, key: keyOfStorage(option.storage) }));
}
