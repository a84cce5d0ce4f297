import type { RunArchiveView, RunSummary, RunView, StagedVolumeView, StartRollback, StartRun } from '@godwit/contracts/api';
import type { ObjectsPage, RunsPage } from '@godwit/contracts/api-lists';
import { isFinished, type ObjectOutcome, type ThroughputPoint } from '@godwit/contracts/run';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, api } from './client.ts';

const LIVE_MS = 2_000;
const IDLE_MS = 10_000;
/** As many as the API gives at once. */
export const MOST_RUNS = 500;
const THROUGHPUT_MS = 5_000;

/** The latest runs, read again sooner while one of them goes on. */
export const runsQuery = queryOptions({
  queryKey: ['runs'],
  queryFn: async ({ signal }): Promise<RunSummary[]> =>
    (await answerOf(api.GET('/api/runs', { params: { query: { limit: MOST_RUNS } }, signal }))).items,
  refetchInterval: ({ state }) => (state.data?.some(({ phase }) => !isFinished(phase)) ? LIVE_MS : IDLE_MS),
});

/** Runs older than one, page by page. */
export const olderRunsQuery = (than: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['runs-before', than],
    queryFn: ({ signal, pageParam }): Promise<RunsPage> =>
      answerOf(api.GET('/api/runs', { params: { query: { limit: MOST_RUNS, after: pageParam } }, signal })),
    initialPageParam: than ?? '',
    getNextPageParam: ({ next }) => next,
    enabled: than !== undefined,
    // Nearly all of them are over.
    staleTime: Number.POSITIVE_INFINITY,
  });

const SHOWN_OF_CLUSTER = 10;

/** The latest runs from or to a cluster. */
export const runsOfClusterQuery = (clusterId: string) =>
  queryOptions({
    queryKey: ['runs-of-cluster', clusterId],
    queryFn: async ({ signal }): Promise<RunSummary[]> => {
      const query = { clusterId, limit: SHOWN_OF_CLUSTER };
      return (await answerOf(api.GET('/api/runs', { params: { query }, signal }))).items;
    },
    refetchInterval: IDLE_MS,
  });

/** One run, read once: from then on its stream tells. */
export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }): Promise<RunView> => answerOf(api.GET('/api/runs/{id}', { params: { path: { id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    // The stream of a run ends with it; what is deleted of it goes later.
    refetchInterval: ({ state }) => (state.data?.archive?.state === 'Deleting' ? LIVE_MS : false),
  });

/** What became of the objects with this outcome, page by page. */
export const objectsQuery = (id: string, outcome: ObjectOutcome, count: number) =>
  infiniteQueryOptions({
    // The count belongs to the key, so that the list is read again when it has grown.
    queryKey: ['objects', id, outcome, count],
    queryFn: ({ signal, pageParam }): Promise<ObjectsPage> => {
      const query = { outcome, limit: 100, ...(pageParam ? { after: pageParam } : {}) };
      return answerOf(api.GET('/api/runs/{id}/objects', { params: { path: { id }, query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });

export function cancelRun(id: string): Promise<RunSummary> {
  return answerOf(api.POST('/api/runs/{id}/cancel', { params: { path: { id } } }));
}

/** A run that is held goes on from the steps that failed. */
export function retryRun(id: string): Promise<RunSummary> {
  return answerOf(api.POST('/api/runs/{id}/retry', { params: { path: { id } } }));
}

/** No data of the run is moved until it is resumed. */
export function pauseRun(id: string): Promise<RunSummary> {
  return answerOf(api.POST('/api/runs/{id}/pause', { params: { path: { id } } }));
}

export function resumeRun(id: string): Promise<RunSummary> {
  return answerOf(api.POST('/api/runs/{id}/resume', { params: { path: { id } } }));
}

/** Starts a run that takes back what this one did. */
export function rollBackRun(id: string, body: StartRollback): Promise<RunSummary> {
  return answerOf(api.POST('/api/runs/{id}/rollback', { params: { path: { id } }, body }));
}

/** What a run has stored is deleted before its time. */
export function deleteArchive(id: string): Promise<RunArchiveView> {
  return answerOf(api.DELETE('/api/runs/{id}/archive', { params: { path: { id } } }));
}

/** What the stages of a migration have left for the next one. */
export const stagingQuery = (migrationId: string) =>
  queryOptions({
    queryKey: ['staging', migrationId],
    queryFn: async ({ signal }): Promise<StagedVolumeView[]> =>
      (await answerOf(api.GET('/api/migrations/{id}/staging', { params: { path: { id: migrationId } }, signal }))).items,
  });

/** Starts a run that deletes what is staged of a migration. */
export function discardStaging(migrationId: string): Promise<RunSummary> {
  return answerOf(api.DELETE('/api/migrations/{id}/staging', { params: { path: { id: migrationId } } }));
}

/** Starts a run that tells what a saved migration would do. */
export function previewMigration(id: string): Promise<RunSummary> {
  return answerOf(api.POST('/api/migrations/{id}/previews', { params: { path: { id } } }));
}

/** Starts a run of a saved migration. @param startAt not before this time; at once where it is absent */
export function startRun(migrationId: string, kind: StartRun['kind'], startAt?: string): Promise<RunSummary> {
  const body = { kind, ...(startAt ? { startAt } : {}) };
  return answerOf(api.POST('/api/migrations/{id}/runs', { params: { path: { id: migrationId } }, body }));
}

/** How fast the data of a run moved; read again while it does. */
export const throughputQuery = (id: string, isLive: boolean) =>
  queryOptions({
    queryKey: ['throughput', id, isLive],
    queryFn: async ({ signal }): Promise<ThroughputPoint[]> =>
      (await answerOf(api.GET('/api/runs/{id}/throughput', { params: { path: { id } }, signal }))).items,
    refetchInterval: isLive ? THROUGHPUT_MS : false,
  });
