import type { RunSummary, RunView } from '@godwit/contracts/api';
import type { ObjectsPage } from '@godwit/contracts/api-lists';
import { isFinished, type ObjectOutcome } from '@godwit/contracts/run';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { request } from './request.ts';

const LIVE_MS = 2_000;
const IDLE_MS = 10_000;

/** The latest runs, read again sooner while one of them goes on. */
export const runsQuery = queryOptions({
  queryKey: ['runs'],
  queryFn: async ({ signal }) => (await request<{ items: RunSummary[] }>('/api/runs?limit=200', { signal })).items,
  refetchInterval: ({ state }) => (state.data?.some(({ phase }) => !isFinished(phase)) ? LIVE_MS : IDLE_MS),
});

/** One run, read once: from then on its stream tells. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => request<RunView>(`/api/runs/${encodeURIComponent(id)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What became of the objects with this outcome, page by page. */
export const objectsQuery = (id: string, outcome: ObjectOutcome, count: number) =>
  infiniteQueryOptions({
    // The count belongs to the key, so that the list is read again when it has grown.
    queryKey: ['objects', id, outcome, count],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ outcome, limit: '100', ...(pageParam ? { after: pageParam } : {}) });
      return request<ObjectsPage>(`/api/runs/${encodeURIComponent(id)}/objects?${query}`, { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

export function cancelRun(id: string): Promise<RunSummary> {
  return request<RunSummary>(`/api/runs/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
}

/** Starts a run that takes back what this one did. */
export function rollBackRun(id: string): Promise<RunSummary> {
  return request<RunSummary>(`/api/runs/${encodeURIComponent(id)}/rollback`, { method: 'POST' });
}

/** Starts a run that tells what a saved migration would do. */
export function previewMigration(migrationId: string): Promise<RunSummary> {
  return request<RunSummary>(`/api/migrations/${encodeURIComponent(migrationId)}/previews`, { method: 'POST' });
}
