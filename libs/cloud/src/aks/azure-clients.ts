import { ContainerServiceClient } from '@azure/arm-containerservice';
import { ClientSecretCredential, type TokenCredential, WorkloadIdentityCredential } from '@azure/identity';
import { type Client, createRestError, getClient, type PathUncheckedResponse } from '@azure-rest/core-client';
import type { AzureCredentials } from '@godwit/contracts/cloud-accounts';
import { federationTokenFile } from '../federation-token.ts';
import type { AzureEndpoints } from './azure-endpoints.ts';

/** The SDK waits longer and longer between them, and as long as Azure says when it throttles. */
const MAX_RETRIES = 4;

/** The clients of one account. */
export class AzureClients {
  readonly credential: TokenCredential;
  readonly containers: ContainerServiceClient;
  private readonly arm: Client;

  constructor(
    readonly account: AzureCredentials,
    organisationId: string,
    { authorityHost, resourceManager, ca, httpClient }: AzureEndpoints,
  ) {
    const common = { retryOptions: { maxRetries: MAX_RETRIES }, ...(ca ? { tlsOptions: { ca } } : {}) };
    // Which authorities there are is not asked of the public cloud: the operator names them.
    const options = { ...common, authorityHost, disableInstanceDiscovery: true };
    const { tenantId, clientId, clientSecret } = account;
    this.credential = clientSecret
      ? new ClientSecretCredential(tenantId, clientId, clientSecret, options)
      : new WorkloadIdentityCredential({ ...options, tenantId, clientId, tokenFilePath: federationTokenFile(organisationId) });
    const resource = {
      ...common,
      ...(httpClient ? { httpClient } : {}),
      endpoint: resourceManager,
      credentials: { scopes: [`${resourceManager}/.default`] },
    };
    this.containers = new ContainerServiceClient(this.credential, account.subscriptionId, resource);
    this.arm = getClient(resourceManager, this.credential, resource);
  }

  /** Path of the subscription, or of one of its resource groups. */
  scope(resourceGroup?: string): string {
    const subscription = `/subscriptions/${this.account.subscriptionId}`;
    return resourceGroup ? `${subscription}/resourcegroups/${encodeURIComponent(resourceGroup)}` : subscription;
  }

  /** What the resource manager answers to a question that has no client of its own. @throws RestError, like the SDK */
  async get<T>(path: string, query: Record<string, string>, abortSignal: AbortSignal): Promise<T> {
    return this.answer<T>(await this.arm.pathUnchecked(path).get({ queryParameters: query, abortSignal }));
  }

  /** All pages of a list. @throws RestError */
  async list<T>(path: string, query: Record<string, string>, abortSignal: AbortSignal): Promise<T[]> {
    type Page = { value?: T[]; nextLink?: string };
    const { value = [], nextLink } = await this.get<Page>(path, query, abortSignal);
    const items = [...value];
    for (let next = nextLink; next; ) {
      const page: Page = this.answer(await this.arm.pathUnchecked(next).get({ abortSignal }));
      items.push(...(page.value ?? []));
      next = page.nextLink;
    }
    return items;
  }

  private answer<T>(response: PathUncheckedResponse): T {
    if (response.status !== '200') throw createRestError(response);
    return response.body as T;
  }
}
