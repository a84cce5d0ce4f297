import type { ClientOptions } from '@azure-rest/core-client';

/** Where Azure is. */
export interface AzureEndpoints {
  /** Microsoft Entra ID: `https://login.microsoftonline.com`. */
  authorityHost: string;
  /** `https://management.azure.com`; tokens are for it. */
  resourceManager: string;
  /** PEM of an authority that is trusted beside those that Node trusts. */
  ca?: string;
  /** Sends the requests, where the SDK's own is not to. */
  httpClient?: ClientOptions['httpClient'];
}

const PUBLIC: AzureEndpoints = {
  authorityHost: 'https://login.microsoftonline.com',
  resourceManager: 'https://management.azure.com',
};

/**
 * The public cloud, or what the environment names: AZURE_AUTHORITY_HOST, as the SDK knows it, and AZURE_RESOURCE_MANAGER_ENDPOINT;
 * both for sovereign clouds.
 */
export function azureEndpoints(env: NodeJS.ProcessEnv = process.env): AzureEndpoints {
  const { AZURE_AUTHORITY_HOST, AZURE_RESOURCE_MANAGER_ENDPOINT } = env;
  return {
    authorityHost: withoutSlash(AZURE_AUTHORITY_HOST || PUBLIC.authorityHost),
    resourceManager: withoutSlash(AZURE_RESOURCE_MANAGER_ENDPOINT || PUBLIC.resourceManager),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
