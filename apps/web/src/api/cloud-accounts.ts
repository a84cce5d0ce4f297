import type { CloudAccountView, RegisterCloudAccount, TestedCloudAccount } from '@godwit/contracts/api';
import type { CloudAccountStatus } from '@godwit/contracts/calls';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { changeOf, type Present } from './versions.ts';

const STATUS_STALE_MS = 60_000;

export const cloudAccountsQuery = queryOptions({
  queryKey: ['cloud-accounts'],
  queryFn: ({ signal }): Promise<CloudAccountView[]> =>
    allPages((query) => answerOf(api.GET('/api/cloud-accounts', { params: { query }, signal }))),
});

/** Whether the provider knows the account, and what it may not do. */
export const cloudAccountStatusQuery = (id: string) =>
  queryOptions({
    queryKey: ['cloud-account-status', id],
    queryFn: ({ signal }): Promise<CloudAccountStatus> =>
      answerOf(api.GET('/api/cloud-accounts/{id}/status', { params: { path: { id } }, signal })),
    staleTime: STATUS_STALE_MS,
  });

/** @param present the account that is changed, as it was read; undefined: a new one */
export function saveCloudAccount(present: Present | undefined, body: RegisterCloudAccount): Promise<TestedCloudAccount> {
  return present === undefined
    ? answerOf(api.POST('/api/cloud-accounts', { body }))
    : answerOf(api.PUT('/api/cloud-accounts/{id}', { params: changeOf(present), body }));
}

export function deleteCloudAccount(present: Present): Promise<unknown> {
  return answerOf(api.DELETE('/api/cloud-accounts/{id}', { params: changeOf(present) }));
}
