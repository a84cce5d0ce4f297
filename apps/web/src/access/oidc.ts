import { SignInView } from '@godwit/contracts/sign-in';
import { ErrorResponse, type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { RequestError } from '../api/request-error.ts';

/** A token that ends sooner is renewed before it is used. */
const RENEW_BEFORE_SECONDS = 30;
export const SIGNED_IN_PATH = '/signed-in';

let manager: Promise<UserManager> | undefined;
let renewal: Promise<User | null> | undefined;

/** Goes to the page of the issuer, which comes back to {@link SIGNED_IN_PATH}. */
export async function signIn(): Promise<void> {
  await (await managerOnce()).signinRedirect({ state: window.location.pathname + window.location.search });
}

/** @returns where one was before; @throws Error that says why one is not signed in */
export async function completeSignIn(): Promise<string> {
  const { state } = await (await managerOnce()).signinRedirectCallback();
  const path = typeof state === 'string' ? state : '/';
  // Not to another site, and not back to here.
  return /^\/(?![/\\])/.test(path) && !path.startsWith(SIGNED_IN_PATH) ? path : '/';
}

/** Forgets the tokens, and goes to the page of the issuer where one signs out there too, if it has one. */
export async function signOut(): Promise<void> {
  const users = await managerOnce();
  if (await users.metadataService.getEndSessionEndpoint().catch(() => undefined)) await users.signoutRedirect();
  else await users.removeUser();
}

/**
 * @returns a token that is good still, renewed if it has to be; undefined once one has to sign in again
 * @throws RequestError if the issuer does not answer
 */
export async function accessToken(): Promise<string | undefined> {
  const users = await managerOnce();
  const user = await users.getUser();
  if (!user) return undefined;
  if ((user.expires_in ?? Number.POSITIVE_INFINITY) > RENEW_BEFORE_SECONDS) return user.access_token;
  // Without a refresh token it would be asked for in a frame, which the policy forbids.
  if (!user.refresh_token) return user.expired ? undefined : user.access_token;
  // A refresh token is good once.
  const { resource } = users.settings;
  renewal ??= users.signinSilent(resource === undefined ? {} : { resource }).finally(() => {
    renewal = undefined;
  });
  try {
    return (await renewal)?.access_token;
  } catch (error) {
    if (!(error instanceof ErrorResponse)) {
      throw new RequestError('the issuer does not answer', undefined, 'See that this machine reaches it, then try again.');
    }
    await users.removeUser();
    return undefined;
  }
}

function managerOnce(): Promise<UserManager> {
  manager ??= managerOfService().catch((error: unknown) => {
    manager = undefined; // to be tried again
    throw error;
  });
  return manager;
}

async function managerOfService(): Promise<UserManager> {
  const answer = await fetch('/api/sign-in');
  const { oidc } = SignInView.parse(await answer.json());
  if (!oidc) throw new RequestError('there is no issuer to sign in with', undefined, 'Sign in with an API key.');
  const store = new WebStorageStateStore({ store: sessionStorage });
  return new UserManager({
    authority: oidc.issuer,
    client_id: oidc.clientId,
    scope: oidc.scope,
    // Asked for at the page of the issuer, and again where the code is redeemed: issuers differ in where they look.
    ...(oidc.resource ? { resource: oidc.resource, extraTokenParams: { resource: oidc.resource } } : {}),
    redirect_uri: `${window.location.origin}${SIGNED_IN_PATH}`,
    post_logout_redirect_uri: `${window.location.origin}/`,
    userStore: store,
    stateStore: store,
    // Renewed when it is used: a tab that nobody looks at lets its tokens end.
    automaticSilentRenew: false,
  });
}
