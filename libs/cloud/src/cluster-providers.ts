import type { CloudCredentials } from '@godwit/contracts/cloud-accounts';
import { FatalError } from '@godwit/contracts/errors';
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

  /** @throws FatalError if no clusters can be created there yet */
  open({ organisationId, credentials }: OpenedAccount): ClusterProvider {
    if (credentials.provider === 'AWS') return new EksProvider(credentials, organisationId, this.pace) as ClusterProvider;
    if (credentials.provider === 'GCP') return new GkeProvider(credentials, organisationId, this.pace) as ClusterProvider;
    throw new FatalError('ProviderUnknown', `clusters of ${credentials.provider} cannot be created yet`, {
      cure: 'Create the cluster yourself, register it, and choose it as the destination.',
    });
  }
}
