import { type CallerView, includesRole, type Role } from '@godwit/contracts/access';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { answerOf, api } from '../api/client.ts';
import { mustSignIn, onAccessChange } from './credential.ts';

/** Who calls, as the API knows the caller. */
export const callerQuery = queryOptions({
  queryKey: ['caller'],
  queryFn: ({ signal }): Promise<CallerView> => answerOf(api.GET('/api/api-keys/caller', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** @returns who the holder of the key is; @throws RequestError if there is none */
export function callerWith(key: string): Promise<CallerView> {
  return answerOf(api.GET('/api/api-keys/caller', { headers: { authorization: `Bearer ${key}` } }));
}

export function useMustSignIn(): boolean {
  return useSyncExternalStore(onAccessChange, mustSignIn);
}

/** @returns whether the caller may do what needs this role; true while that is not known, as the API decides */
export function useMay(needed: Role): boolean {
  const { data } = useQuery(callerQuery);
  return !data || includesRole(data.role, needed);
}
