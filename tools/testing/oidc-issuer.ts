import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** What the service has to be told of it. */
export const OIDC_CLIENT = 'godwit-web';
export const OIDC_RESOURCE = 'urn:godwit';
/** Shorter than what the web app renews ahead, so that it renews with each use. Seconds. */
const TOKEN_SECONDS = 20;

export interface OidcIssuer {
  url: string;
  /** Lets the web app at this address sign in; nothing is answered before. */
  serve(webUrl: string): void;
  stop(): void;
}

/**
 * Starts an OpenID Connect provider on this machine, with its own pages of signing in, consent and signing out. Whoever signs in has
 * the role `godwit-NAME` by the name that was entered, with any password.
 */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  let answer: ReturnType<Provider['callback']> | undefined;
  const server = createServer((request, response) => {
    if (answer) answer(request, response);
    else response.writeHead(503).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    serve: (webUrl) => {
      answer = providerOf(url, webUrl).callback();
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function providerOf(url: string, webUrl: string): Provider {
  const resourceServer = {
    scope: '',
    audience: OIDC_RESOURCE,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: TOKEN_SECONDS,
  };
  return new Provider(url, {
    clients: [
      {
        client_id: OIDC_CLIENT,
        token_endpoint_auth_method: 'none',
        redirect_uris: [`${webUrl}/signed-in`],
        post_logout_redirect_uris: [`${webUrl}/`],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    clientBasedCORS: () => true,
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_context, token) => ({ roles: [`godwit-${'accountId' in token ? token.accountId : ''}`] }),
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => resourceServer,
      },
    },
  });
}
