import type { SignInView } from '@godwit/contracts/sign-in';
import { queryOptions } from '@tanstack/react-query';
import { answerOf, api } from './client.ts';

/** How one signs in; nobody has to be signed in to ask. */
export const signInQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: ({ signal }): Promise<SignInView> => answerOf(api.GET('/api/sign-in', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
