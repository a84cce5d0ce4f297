import type { ClusterView, InspectedCluster, RegisterCluster, UpdateCluster } from '@godwit/contracts/api';
import type { ClusterStatus } from '@godwit/contracts/calls';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { changeOf, type Present } from './versions.ts';

/** A cluster that is asked anew at each turn of a page would be asked all the time. */
const STATUS_STALE_MS = 30_000;

export const clustersQuery = queryOptions({
  queryKey: ['clusters'],
  queryFn: ({ signal }): Promise<ClusterView[]> =>
    allPages((query) => answerOf(api.GET('/api/clusters', { params: { query }, signal }))),
});

/** How a cluster is, asked now. */
export const clusterStatusQuery = (id: string) =>
  queryOptions({
    queryKey: ['cluster-status', id],
    queryFn: ({ signal }): Promise<ClusterStatus> =>
      answerOf(api.GET('/api/clusters/{id}/status', { params: { path: { id } }, signal })),
    staleTime: STATUS_STALE_MS,
  });

export function registerCluster(body: RegisterCluster): Promise<InspectedCluster> {
  return answerOf(api.POST('/api/clusters', { body }));
}

export function updateCluster(present: Present, body: UpdateCluster): Promise<InspectedCluster> {
  return answerOf(api.PATCH('/api/clusters/{id}', { params: changeOf(present), body }));
}

export function deleteCluster(present: Present): Promise<unknown> {
  return answerOf(api.DELETE('/api/clusters/{id}', { params: changeOf(present) }));
}
