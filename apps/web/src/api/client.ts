import createClient from 'openapi-fetch';
import { apiKey, noteRefusal } from '../access/api-key.ts';
import type { paths } from './generated/openapi.ts';
import { noAnswer, refusalOf } from './request-error.ts';

/** Calls the API with the key of this tab. @throws RequestError if it does not answer, or answers with an error */
export async function fetchApi(input: Request | string | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const key = apiKey();
  if (key !== undefined && !request.headers.has('authorization')) request.headers.set('authorization', `Bearer ${key}`);
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw noAnswer();
  }
  if (response.ok) return response;
  if (response.status === 401 && key === apiKey()) noteRefusal();
  throw refusalOf(response.status, await response.json().catch(() => undefined));
}

/** The routes of the API; their types are generated from its description. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: fetchApi });

/** @returns what was answered; errors were thrown by {@link fetchApi} */
export async function answerOf<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
