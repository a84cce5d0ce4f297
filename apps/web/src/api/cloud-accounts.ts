import type { CloudAccountView, RegisterCloudAccount, TestedCloudAccount } from '@godwit/contracts/api';
import type { CloudAccountStatus, CloudOptions } from '@godwit/contracts/calls';
import type { DestinationSuggestion } from '@godwit/contracts/destination-suggestion';
import { queryOptions } from '@tanstack/react-query';
import { allPages } from './all-pages.ts';
import { answerOf, api } from './client.ts';
import { changeOf, type Present } from './versions.ts';

const STATUS_STALE_MS = 60_000;
/** What was offered is offered again for so long when one goes back and forth. */
const OPTIONS_STALE_MS = 5 * 60_000;

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

/** What an account offers for a new cluster; without an id nothing is asked, without a region only which there are. */
export const cloudOptionsQuery = (id: string, region: string) =>
  queryOptions({
    queryKey: ['cloud-options', id, region],
    queryFn: ({ signal }): Promise<CloudOptions> => {
      const query = region === '' ? {} : { region };
      return answerOf(api.GET('/api/cloud-accounts/{id}/options', { params: { path: { id }, query }, signal }));
    },
    enabled: id !== '',
    staleTime: OPTIONS_STALE_MS,
  });

/** A new cluster like the source; nothing is asked while one of both or the place is not chosen. */
export const suggestionQuery = (id: string, sourceClusterId: string, region: string) =>
  queryOptions({
    queryKey: ['cloud-suggestion', id, sourceClusterId, region],
    queryFn: ({ signal }): Promise<DestinationSuggestion> => {
      const params = { path: { id }, query: { sourceClusterId, region } };
      return answerOf(api.GET('/api/cloud-accounts/{id}/suggestion', { params, signal }));
    },
    enabled: id !== '' && sourceClusterId !== '' && region !== '',
    staleTime: OPTIONS_STALE_MS,
  });
