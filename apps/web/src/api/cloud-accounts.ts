import type { CloudAccountView, RegisterCloudAccount, TestedCloudAccount } from '@godwit/contracts/api';
import type { CloudAccountStatus } from '@godwit/contracts/calls';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';

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

/** @param id of the account that is changed; undefined: a new one */
export function saveCloudAccount(id: string | undefined, body: RegisterCloudAccount): Promise<TestedCloudAccount> {
  return id === undefined
    ? answerOf(api.POST('/api/cloud-accounts', { body }))
    : answerOf(api.PUT('/api/cloud-accounts/{id}', { params: { path: { id } }, body }));
}

export function deleteCloudAccount(id: string): Promise<unknown> {
  return answerOf(api.DELETE('/api/cloud-accounts/{id}', { params: { path: { id } } }));
}
