import type { TestedObjectStore } from '../../libs/contracts/src/api.ts';
import type { ObjectStoreStatus } from '../../libs/contracts/src/calls.ts';
import type { ObjectStoreAccess } from '../infra/object-store.ts';

/** Name under which the object store of `npm start` is registered. */
const NAME = 'local';

/**
 * Registers an object store by the API, or brings its registration to the current address and keys.
 * @returns what the service found when it tried the store just now.
 */
export async function registerObjectStore(apiUrl: string, access: ObjectStoreAccess): Promise<ObjectStoreStatus> {
  const url = `${apiUrl}/api/object-stores`;
  const { items } = await call<{ items: { id: string; name: string }[] }>('GET', url);
  const existing = items.find(({ name }) => name === NAME);
  const body = { name: NAME, ...access };
  const { status } = existing
    ? await call<TestedObjectStore>('PUT', `${url}/${existing.id}`, body)
    : await call<TestedObjectStore>('POST', url, body);
  return status;
}

async function call<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: body ? { 'content-type': 'application/json' } : {},
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`${method} ${url} gave ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
