import type { OfferedLabels, OfferedNamespaces, OfferedTypes } from '@godwit/contracts/cluster-offer';
import { queryOptions } from '@tanstack/react-query';
import { answerOf, api } from './client.ts';

/** What was offered is offered again for so long when one goes back and forth. */
const STALE_MS = 60_000;

/** What there is on a cluster to choose from; without an id nothing is asked. */
export const namespacesQuery = (id: string) =>
  queryOptions({
    queryKey: ['namespaces', id],
    queryFn: ({ signal }): Promise<OfferedNamespaces> =>
      answerOf(api.GET('/api/clusters/{id}/namespaces', { params: { path: { id } }, signal })),
    enabled: id !== '',
    staleTime: STALE_MS,
  });

export const typesQuery = (id: string) =>
  queryOptions({
    queryKey: ['resource-types', id],
    queryFn: ({ signal }): Promise<OfferedTypes> =>
      answerOf(api.GET('/api/clusters/{id}/resource-types', { params: { path: { id } }, signal })),
    enabled: id !== '',
    staleTime: STALE_MS,
  });

export const labelsQuery = (id: string) =>
  queryOptions({
    queryKey: ['labels', id],
    queryFn: ({ signal }): Promise<OfferedLabels> =>
      answerOf(api.GET('/api/clusters/{id}/labels', { params: { path: { id } }, signal })),
    enabled: id !== '',
    staleTime: STALE_MS,
  });
