import type { RunSummary } from '@godwit/contracts/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { MOST_RUNS, olderRunsQuery, runsQuery } from '../api/runs.ts';
import { withOlder } from './with-older.ts';

/** All runs, the latest first: those of the first page as they go, older ones as they are asked for. */
export function useAllRuns() {
  const latest = useQuery(runsQuery);
  // From where older ones are read: it stays, while new runs push others off the first page.
  const [base, setBase] = useState<readonly RunSummary[]>();
  const older = useInfiniteQuery(olderRunsQuery(base?.at(-1)?.id));
  const { data } = latest;
  const runs = data && withOlder(data, base ?? [], older.data?.pages.flatMap(({ items }) => items) ?? []);
  const { fetchNextPage, isFetching, isError } = older;
  const hasOlder = base ? older.hasNextPage || !older.data : (data?.length ?? 0) >= MOST_RUNS;
  const readOlder = useCallback(() => {
    if (!base) setBase(data);
    else if (!isFetching) void fetchNextPage();
  }, [base, data, isFetching, fetchNextPage]);
  // After a failure one has to ask again.
  const refetch = () => {
    if (isError) void (older.data ? fetchNextPage() : older.refetch());
    return latest.refetch();
  };
  return {
    ...latest,
    refetch,
    error: latest.error ?? older.error,
    runs,
    hasOlder,
    isReadingOlder: isFetching || isError,
    readOlder,
  };
}
