import type { CredentialResults } from '@azure/arm-containerservice';
import type { AksDestination } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import { buildTokenKubeconfig } from '../build-kubeconfig.ts';
import type { ClusterCredentials } from '../cluster-provider.ts';
import { addressOf, adminKubeconfig } from './aks-kubeconfig.ts';
import type { AzureClients } from './azure-clients.ts';
import { explainAzureError, isNotThere } from './explain-azure-error.ts';

/** The API servers of all AKS clusters, as Entra ID knows them. */
const AKS_SERVER_SCOPE = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';

/** The cluster's own admin; where a policy allows no local accounts, the identity of the account by a token of Entra ID. */
export async function aksCredentials(
  clients: AzureClients,
  destination: AksDestination,
  signal: AbortSignal,
): Promise<ClusterCredentials> {
  const { resourceGroup, name } = destination;
  const { managedClusters } = clients.containers;
  const options = { abortSignal: signal };
  try {
    const cluster = await managedClusters.get(resourceGroup, name, options);
    if (!cluster.disableLocalAccounts) {
      const text = textOf(await managedClusters.listClusterAdminCredentials(resourceGroup, name, options));
      const address = addressOf(text, name);
      const kubeconfig = address && adminKubeconfig(text, address);
      if (kubeconfig) return { server: address.server, kubeconfig };
      throw unusable(name);
    }
    const address = addressOf(textOf(await managedClusters.listClusterUserCredentials(resourceGroup, name, options)), name);
    const token = await clients.credential.getToken(AKS_SERVER_SCOPE, options);
    if (!address || !token) throw unusable(name);
    const expiresAt = new Date(token.expiresOnTimestamp);
    return { server: address.server, kubeconfig: buildTokenKubeconfig(address, token.token), expiresAt };
  } catch (error) {
    if (!isNotThere(error)) throw explainAzureError(error, `reading the credentials of AKS cluster ${name}`);
    throw new FatalError('ClusterGone', `AKS cluster ${name} is not there`, {
      cure: 'If it was deleted, forget the registered cluster.',
      cause: error,
    });
  }
}

function textOf({ kubeconfigs = [] }: CredentialResults): string {
  return Buffer.from(kubeconfigs[0]?.value ?? []).toString();
}

function unusable(name: string): FatalError {
  return new FatalError(
    'CredentialsUnusable',
    `Azure gave credentials of AKS cluster ${name} that have no server, or nobody in them`,
    {
      cure: 'Look at the cluster in the portal of Azure, then start the run again.',
    },
  );
}
