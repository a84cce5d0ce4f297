import type { CloudAccountStatus, CloudOptions } from '@godwit/contracts/calls';
import type { GcpCredentials } from '@godwit/contracts/cloud-accounts';
import type { GkeDestination } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import type { FieldError } from '@godwit/contracts/problem-details';
import { buildTokenKubeconfig } from '../build-kubeconfig.ts';
import {
  type ClusterCredentials,
  type ClusterProvider,
  lingerMs,
  type ProviderCall,
  type ProviderPace,
} from '../cluster-provider.ts';
import { checkGcpAccount } from './check-gcp-account.ts';
import { deleteGkeCluster } from './delete-gke-cluster.ts';
import { ensureGkeCluster } from './ensure-gke-cluster.ts';
import { explainGcpError } from './explain-gcp-error.ts';
import { GcpClients } from './gcp-clients.ts';
import { findCluster } from './gke-work.ts';
import { listGkeOptions } from './list-gke-options.ts';
import { validateGke } from './validate-gke.ts';

/** Google Kubernetes Engine, as one service account sees it in its project. */
export class GkeProvider implements ClusterProvider<GkeDestination> {
  readonly type = 'GKE';

  constructor(
    private readonly account: GcpCredentials,
    private readonly organisationId: string,
    private readonly pace: ProviderPace,
  ) {}

  checkAccount(signal: AbortSignal): Promise<CloudAccountStatus> {
    return this.use(signal, checkGcpAccount);
  }

  listOptions(region: string | undefined, signal: AbortSignal): Promise<CloudOptions> {
    return this.use(signal, (clients) => listGkeOptions(clients, region));
  }

  validate(destination: GkeDestination, signal: AbortSignal): Promise<FieldError[]> {
    return this.use(signal, (clients) => validateGke(clients, destination));
  }

  ensureCluster(runId: string, destination: GkeDestination, call: ProviderCall): Promise<void> {
    return this.use(call.signal, (clients) => ensureGkeCluster({ clients, runId, destination, call, pace: this.pace }));
  }

  credentials(destination: GkeDestination, signal: AbortSignal): Promise<ClusterCredentials> {
    return this.use(signal, async (clients) => {
      const { name } = destination;
      const cluster = await findCluster({ clients, destination });
      const [endpoint, caData] = [cluster?.endpoint, cluster?.masterAuth?.clusterCaCertificate];
      if (!endpoint || !caData)
        throw new FatalError('ClusterGone', `GKE cluster ${name} is not there, or has no endpoint`, {
          cure: 'If it was deleted, forget the registered cluster.',
        });
      const server = `https://${endpoint}`;
      try {
        const { token, expiresAt } = await clients.token();
        return { server, kubeconfig: buildTokenKubeconfig({ name, server, caData }, token), expiresAt };
      } catch (error) {
        throw explainGcpError(error, `asking Google Cloud for a token of ${clients.identity}`);
      }
    });
  }

  deleteCluster(runId: string, destination: GkeDestination, call: ProviderCall): Promise<void> {
    return this.use(call.signal, (clients) => deleteGkeCluster({ clients, runId, destination, call, pace: this.pace }));
  }

  private async use<T>(signal: AbortSignal, work: (clients: GcpClients) => Promise<T>): Promise<T> {
    const clients = new GcpClients(this.account, this.organisationId, signal, lingerMs(this.pace));
    try {
      return await work(clients);
    } finally {
      await clients.close();
    }
  }
}
