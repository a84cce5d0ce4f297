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

export interface StorageOffer {
  options: readonly StorageOption[];
  /** Why not all of them are known. */
  error: Error | null;
  onRetry: () => void;
}

/**
 * The places where archives can lie: registered stores, and those that are managed for all.
 *
 * @param chosen stays an option, whether it is offered now or not
 */
export function useStorageOffer(chosen: CopyStorage | undefined): StorageOffer {
  const stores = useQuery(objectStoresQuery);
  const managed = useQuery(managedStorageQuery);
  const options = [
    ...(managed.data ?? []).map(({ provider, region }) => ofStorage({ type: 'Managed', provider, region })),
    ...(stores.data ?? []).map(({ id, name }) => ({ ...ofStorage({ type: 'ObjectStore', objectStoreId: id }), label: name })),
  ];
  const isKnown =
    chosen === undefined || chosen.type === 'ClusterPreference' || options.some(({ key }) => key === keyOfStorage(chosen));
  const isAsking = stores.isPending || managed.isPending;
  return {
    options: isKnown ? options : [{ ...ofStorage(chosen), ...(isAsking ? { label: '…' } : {}) }, ...options],
    error: stores.error ?? managed.error,
    onRetry() {
      for (const query of [stores, managed]) if (query.error) void query.refetch();
    },
  };
}

/** As far as it is known without asking. */
function ofStorage(storage: ArchiveStorage): StorageOption {
  const label = storage.type === 'ObjectStore' ? storage.objectStoreId : `Managed: ${storage.provider}, ${storage.region}`;
  return { key: keyOfStorage(storage), label, storage };
}
