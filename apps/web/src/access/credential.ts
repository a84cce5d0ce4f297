import { forgetDrafts } from '../app/drafts.ts';

/**
 * With what this tab calls the API: a key, or the tokens of an issuer with which one signed in. They lie in the tab's session storage:
 * they outlive a reload, and neither other tabs nor a browser that was closed have them. Scripts of others, who could read them
 * there, are kept out by the content security policy.
 */
const KEY = 'godwit-api-key';
/** Is there while the tokens of an issuer are used. */
const OIDC = 'godwit-oidc';

let key = read(KEY);
let usesTokens = read(OIDC) !== undefined;
let isRefused = false;
/** Why what one signed in with was refused. */
let refusal: Error | undefined;
const listeners = new Set<() => void>();

function read(name: string): string | undefined {
  try {
    return sessionStorage.getItem(name) ?? undefined;
  } catch {
    return undefined; // storage is forbidden here: what one signs in with lasts as long as the page
  }
}

function write(name: string, value: string | undefined): void {
  try {
    if (value === undefined) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
  } catch {
    // It then lasts until the page is loaded again.
  }
}

/** @returns the key or the token of this tab, if it has one that is good still */
export async function bearer(): Promise<string | undefined> {
  return usesTokens ? (await import('./oidc.ts')).accessToken() : key;
}

export function isSignedIn(): boolean {
  return usesTokens || key !== undefined;
}

/** @param value undefined: signs out */
export function setApiKey(value: string | undefined): void {
  set(value, false);
}

/** From now on the tokens of the issuer are used. */
export function adoptTokens(): void {
  set(undefined, true);
}

function set(newKey: string | undefined, tokens: boolean): void {
  key = newKey;
  usesTokens = tokens;
  isRefused = false;
  refusal = undefined;
  write(KEY, newKey);
  write(OIDC, tokens ? 'true' : undefined);
  for (const listener of listeners) listener();
}

/** Signs out here; with an issuer, there too. */
export async function signOut(): Promise<void> {
  const hadTokens = usesTokens;
  forgetDrafts();
  setApiKey(undefined);
  noteRefusal();
  if (hadTokens) await (await import('./oidc.ts')).signOut();
}

/**
 * The API said that it does not know the caller.
 *
 * @param error what it said of a key or a token; absent: there was none
 */
export function noteRefusal(error?: Error): void {
  if (isRefused) return;
  isRefused = true;
  refusal = error;
  for (const listener of listeners) listener();
}

/** True once the API asked who calls, or refused what is here. */
export function mustSignIn(): boolean {
  return isRefused;
}

/** @returns why what one signed in with was refused, if it was */
export function lastRefusal(): Error | undefined {
  return refusal;
}

export function onAccessChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
