import type { GcpCredentials } from '@godwit/contracts/cloud-accounts';
import { ClusterManagerClient } from '@google-cloud/container';
import { IdentityPoolClient, JWT, OAuth2Client, type OAuth2ClientOptions } from 'google-auth-library';
import { federationTokenFile } from '../federation-token.ts';
import { lingering } from '../lingering.ts';
import { redirect } from './gcp-endpoints.ts';

/** The API servers of GKE want to know who it is, and not only what may be done. */
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform', 'https://www.googleapis.com/auth/userinfo.email'];
const RETRIES = 4;
const REQUEST_MS = 30_000;

/** For the calls of the SDK: what is busy is asked again, also for what makes a thing, as names are taken once. */
export const CALL = {
  retry: {
    // DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE.
    retryCodes: [4, 8, 14],
    backoffSettings: {
      initialRetryDelayMillis: 200,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 5_000,
      initialRpcTimeoutMillis: REQUEST_MS,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: REQUEST_MS,
      maxRetries: RETRIES,
    },
  },
};

const RETRY_CONFIG = {
  retry: RETRIES,
  httpMethodsToRetry: ['GET', 'POST'],
  statusCodesToRetry: [
    [429, 429],
    [500, 599],
  ],
};

export interface GcpRequest {
  params?: Record<string, string | number>;
  /** It is posted. */
  data?: object;
}

export interface GcpToken {
  token: string;
  expiresAt: Date;
}

/** Google Cloud as one service account sees it, until a signal ends it. */
export class GcpClients {
  readonly projectId: string;
  readonly identity: string;
  private readonly signer: JWT | IdentityPoolClient;
  private readonly bearer: OAuth2Client;
  private opened?: ClusterManagerClient;

  /** @throws FatalError if this service has no token by which the organisation's pool would know it */
  constructor(
    account: GcpCredentials,
    organisationId: string,
    private readonly signal: AbortSignal,
    /** How long after the signal what was asked for already is still waited for. */
    lingerMs = 0,
  ) {
    const end = lingering(signal, lingerMs);
    this.projectId = account.projectId;
    this.identity = account.serviceAccountEmail;
    // Everything goes through here: other endpoints, and the end of it all.
    const transporterOptions: OAuth2ClientOptions['transporterOptions'] = {
      fetchImplementation: (input, init) =>
        fetch(redirect(new URL(String(input))), {
          ...init,
          signal: init?.signal ? AbortSignal.any([init.signal, end]) : end,
        }),
    };
    this.signer = signerOf(account, organisationId, { transporterOptions });
    this.bearer = new OAuth2Client({ transporterOptions });
    this.bearer.refreshHandler = async () => {
      const { token, expiresAt } = await this.token();
      return { access_token: token, expiry_date: expiresAt.getTime() };
    };
  }

  /** By REST, which passes proxies that do not know HTTP/2. */
  get clusters(): ClusterManagerClient {
    this.opened ??= new ClusterManagerClient({ fallback: true, authClient: this.bearer });
    return this.opened;
  }

  /** What Google's other services say, for which a whole SDK each would be too much. */
  async request<T>(url: string, { params, data }: GcpRequest = {}): Promise<T> {
    const answer = await this.bearer.request<T>({
      url,
      method: data ? 'POST' : 'GET',
      ...(params ? { params } : {}),
      ...(data ? { data } : {}),
      timeout: REQUEST_MS,
      retryConfig: RETRY_CONFIG,
    });
    return answer.data;
  }

  /** Of an hour. */
  async token(): Promise<GcpToken> {
    const { token } = await this.signer.getAccessToken();
    const { expiry_date } = this.signer.credentials;
    return { token: token ?? '', expiresAt: new Date(expiry_date ?? Date.now()) };
  }

  /** An answer, unless the signal ends the waiting for it. */
  async untilAborted<T>(answer: Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([answer, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  throwIfAborted(): void {
    this.signal.throwIfAborted();
  }

  async close(): Promise<void> {
    await this.opened?.close();
  }
}

/** Without a key the service's own identity is exchanged for the account's. */
function signerOf(account: GcpCredentials, organisationId: string, options: OAuth2ClientOptions): JWT | IdentityPoolClient {
  const { serviceAccountEmail, privateKey, workloadIdentityProvider } = account;
  if (privateKey) return new JWT({ ...options, email: serviceAccountEmail, key: privateKey, scopes: SCOPES });
  const file = federationTokenFile(organisationId);
  return new IdentityPoolClient({
    ...options,
    type: 'external_account',
    audience: `//iam.googleapis.com/${workloadIdentityProvider}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    // Of all that is asked this alone does not come by the transporter.
    token_url: redirect(new URL('https://sts.googleapis.com/v1/token')).href,
    service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${serviceAccountEmail}:generateAccessToken`,
    credential_source: { file },
    scopes: SCOPES,
  });
}
