import type { SaveSchedule, ScheduleView } from '@godwit/contracts/schedules';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { changeOf, type Present } from './versions.ts';

/** Times come while one looks. */
const REFRESH_MS = 15_000;

export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  queryFn: ({ signal }): Promise<ScheduleView[]> =>
    allPages((query) => answerOf(api.GET('/api/schedules', { params: { query }, signal }))),
  refetchInterval: REFRESH_MS,
});

/** @param present the one that is changed, as it was read; undefined: a new one */
export function saveSchedule(present: Present | undefined, body: SaveSchedule): Promise<ScheduleView> {
  return present === undefined
    ? answerOf(api.POST('/api/schedules', { body }))
    : answerOf(api.PUT('/api/schedules/{id}', { params: changeOf(present), body }));
}

export function deleteSchedule(present: Present): Promise<unknown> {
  return answerOf(api.DELETE('/api/schedules/{id}', { params: changeOf(present) }));
}
