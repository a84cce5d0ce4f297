import type { SaveSchedule, ScheduleView } from '@godwit/contracts/schedules';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { ifMatch } from './versions.ts';

/** Times come while one looks. */
const REFRESH_MS = 15_000;

export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  queryFn: ({ signal }): Promise<ScheduleView[]> =>
    allPages((query) => answerOf(api.GET('/api/schedules', { params: { query }, signal }))),
  refetchInterval: REFRESH_MS,
});

/** @param present the one that is changed, as it was read; undefined: a new one */
export function saveSchedule(present: ScheduleView | undefined, body: SaveSchedule): Promise<ScheduleView> {
  if (!present) return answerOf(api.POST('/api/schedules', { body }));
  const params = { path: { id: present.id }, header: ifMatch(present.version) };
  return answerOf(api.PUT('/api/schedules/{id}', { params, body }));
}

export function deleteSchedule({ id, version }: ScheduleView): Promise<unknown> {
  return answerOf(api.DELETE('/api/schedules/{id}', { params: { path: { id }, header: ifMatch(version) } }));
}
