import type { AppHookTemplate, AppHookView } from '@godwit/contracts/api';
import type { AppHook } from '@godwit/contracts/app-hooks';
import type { HookPods } from '@godwit/contracts/calls';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { changeOf, type Present } from './versions.ts';

export const appHooksQuery = queryOptions({
  queryKey: ['app-hooks'],
  queryFn: ({ signal }): Promise<AppHookView[]> =>
    allPages((query) => answerOf(api.GET('/api/app-hooks', { params: { query }, signal }))),
});

export const hookTemplatesQuery = queryOptions({
  queryKey: ['hook-templates'],
  queryFn: async ({ signal }): Promise<AppHookTemplate[]> =>
    (await answerOf(api.GET('/api/app-hooks/templates', { signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** @param present the hook that is changed, as it was read; undefined: a new one */
export function saveAppHook(present: Present | undefined, body: AppHook): Promise<AppHookView> {
  return present === undefined
    ? answerOf(api.POST('/api/app-hooks', { body }))
    : answerOf(api.PUT('/api/app-hooks/{id}', { params: changeOf(present), body }));
}

export function deleteAppHook(present: Present): Promise<unknown> {
  return answerOf(api.DELETE('/api/app-hooks/{id}', { params: changeOf(present) }));
}

/** In which pods a hook would run now. */
export function matchHook(id: string, clusterId: string): Promise<HookPods> {
  return answerOf(api.POST('/api/app-hooks/{id}/matches', { params: { path: { id } }, body: { clusterId } }));
}
