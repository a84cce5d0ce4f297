import type { CloudAccountStatus, CloudOptions } from '@godwit/contracts/calls';
import type { AzureCredentials } from '@godwit/contracts/cloud-accounts';
import type { AksDestination } from '@godwit/contracts/destination';
import type { FieldError } from '@godwit/contracts/problem-details';
import type { ClusterCredentials, ClusterProvider, ProviderCall, ProviderPace } from '../cluster-provider.ts';
import { aksCredentials } from './aks-credentials.ts';
import { AzureClients } from './azure-clients.ts';
import type { AzureEndpoints } from './azure-endpoints.ts';
import { checkAzureAccount } from './check-azure-account.ts';
import { deleteAksCluster } from './delete-aks-cluster.ts';
import { ensureAksCluster } from './ensure-aks-cluster.ts';
import { listAksOptions } from './list-aks-options.ts';
import { validateAks } from './validate-aks.ts';

/** Azure Kubernetes Service, as one service principal sees it. */
export class AksProvider implements ClusterProvider<AksDestination> {
  readonly type = 'AKS';
  private readonly clients: AzureClients;

  /** @throws FatalError if there is neither a secret nor a token of this service for the organisation */
  constructor(
    account: AzureCredentials,
    organisationId: string,
    private readonly pace: ProviderPace,
    endpoints: AzureEndpoints,
  ) {
    this.clients = new AzureClients(account, organisationId, endpoints);
  }

  checkAccount(signal: AbortSignal): Promise<CloudAccountStatus> {
    return checkAzureAccount(this.clients, signal);
  }

  listOptions(region: string | undefined, signal: AbortSignal): Promise<CloudOptions> {
    return listAksOptions(this.clients, region, signal);
  }

  validate(destination: AksDestination, signal: AbortSignal): Promise<FieldError[]> {
    return validateAks(this.clients, destination, signal);
  }

  ensureCluster(runId: string, destination: AksDestination, call: ProviderCall): Promise<void> {
    return ensureAksCluster({ clients: this.clients, runId, destination, call, pace: this.pace });
  }

  credentials(destination: AksDestination, signal: AbortSignal): Promise<ClusterCredentials> {
    return aksCredentials(this.clients, destination, signal);
  }

  deleteCluster(runId: string, destination: AksDestination, call: ProviderCall): Promise<void> {
    return deleteAksCluster({ clients: this.clients, runId, destination, call, pace: this.pace });
  }
}
