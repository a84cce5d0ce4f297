import type { ManagedStorageView, ObjectStoreView, RegisterObjectStore, TestedObjectStore } from '@godwit/contracts/api';
import type { ObjectStoreStatus } from '@godwit/contracts/calls';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { changeOf, type Present } from './versions.ts';

const STATUS_STALE_MS = 60_000;

export const objectStoresQuery = queryOptions({
  queryKey: ['object-stores'],
  queryFn: ({ signal }): Promise<ObjectStoreView[]> =>
    allPages((query) => answerOf(api.GET('/api/object-stores', { params: { query }, signal }))),
});

/** Storage that the operator has configured for all organisations. */
export const managedStorageQuery = queryOptions({
  queryKey: ['managed-storage'],
  queryFn: async ({ signal }): Promise<ManagedStorageView[]> =>
    (await answerOf(api.GET('/api/managed-storage', { signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Whether a store can be used: a small object is written, read and deleted. */
export const objectStoreStatusQuery = (id: string) =>
  queryOptions({
    queryKey: ['object-store-status', id],
    queryFn: ({ signal }): Promise<ObjectStoreStatus> =>
      answerOf(api.GET('/api/object-stores/{id}/status', { params: { path: { id } }, signal })),
    staleTime: STATUS_STALE_MS,
  });

/** @param present the store that is changed, as it was read; undefined: a new one */
export function saveObjectStore(present: Present | undefined, body: RegisterObjectStore): Promise<TestedObjectStore> {
  return present === undefined
    ? answerOf(api.POST('/api/object-stores', { body }))
    : answerOf(api.PUT('/api/object-stores/{id}', { params: changeOf(present), body }));
}

export function deleteObjectStore(present: Present): Promise<unknown> {
  return answerOf(api.DELETE('/api/object-stores/{id}', { params: changeOf(present) }));
}
