import type { CloudCredentials } from '@godwit/contracts/cloud-accounts';
import { AksProvider } from './aks/aks-provider.ts';
import { azureEndpoints } from './aks/azure-endpoints.ts';
import { type ClusterProvider, type ProviderPace, USUAL_PACE } from './cluster-provider.ts';
import { EksProvider } from './eks/eks-provider.ts';
import { GkeProvider } from './gke/gke-provider.ts';

/** A cloud account, opened. */
export interface OpenedAccount {
  organisationId: string;
  credentials: CloudCredentials;
}

/** Opens the clouds that are known, each as one account sees it. */
export class ClusterProviders {
  constructor(private readonly pace: ProviderPace = USUAL_PACE) {}

  /** @throws FatalError if the account cannot be used by this installation */
  open({ organisationId, credentials }: OpenedAccount): ClusterProvider {
    switch (credentials.provider) {
      case 'AWS':
        return new EksProvider(credentials, organisationId, this.pace) as ClusterProvider;
      case 'Azure':
        return new AksProvider(credentials, organisationId, this.pace, azureEndpoints()) as ClusterProvider;
      case 'GCP':
        return new GkeProvider(credentials, organisationId, this.pace) as ClusterProvider;
    }
  }
}
