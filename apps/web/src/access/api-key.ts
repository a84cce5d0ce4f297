/**
 * The key with which this tab calls the API. It lies in the tab's session storage: it outlives a reload, and neither other tabs nor
 * a browser that was closed have it. Scripts of others, who could read it there, are kept out by the content security policy.
 */
const KEY = 'godwit-api-key';

let current = read();
let isRefused = false;
const listeners = new Set<() => void>();

function read(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined; // storage is forbidden here: the key lasts as long as the page
  }
}

export function apiKey(): string | undefined {
  return current;
}

/** @param key undefined: signs out */
export function setApiKey(key: string | undefined): void {
  current = key;
  isRefused = false;
  try {
    if (key === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, key);
  } catch {
    // It then lasts until the page is loaded again.
  }
  for (const listener of listeners) listener();
}

/** The API said that it does not know the caller. */
export function noteRefusal(): void {
  if (isRefused) return;
  isRefused = true;
  for (const listener of listeners) listener();
}

/** True once the API asked for a key, or refused the one that is here. */
export function mustSignIn(): boolean {
  return isRefused;
}

export function onAccessChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
