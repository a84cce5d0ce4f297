import createClient from 'openapi-fetch';
import { bearer, noteRefusal } from '../access/credential.ts';
import type { paths } from './generated/openapi.ts';
import { noAnswer, refusalOf } from './request-error.ts';

/** Calls the API as who is signed in in this tab. @throws RequestError if it does not answer, or answers with an error */
export async function fetchApi(input: Request | string | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const isTried = request.headers.has('authorization');
  const said = isTried ? undefined : await bearer();
  if (said !== undefined) request.headers.set('authorization', `Bearer ${said}`);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw noAnswer();
  }
  if (response.ok) return response;
  // One may have signed in, or out, meanwhile; who tries a key is told of it where it was entered.
  const refusal = refusalOf(response.status, await response.json().catch(() => undefined));
  if (response.status === 401 && !isTried && said === (await bearer())) noteRefusal(said === undefined ? undefined : refusal);
  throw refusal;
}

/** The routes of the API; their types are generated from its description. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchApi });

/** @returns what was answered; errors were thrown by {@link fetchApi} */
export async function answerOf<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
