import type { EKSClientConfig } from '@aws-sdk/client-eks';
import type { CloudAccountStatus, CloudOptions } from '@godwit/contracts/calls';
import type { AwsCredentials } from '@godwit/contracts/cloud-accounts';
import type { EksDestination } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import type { FieldError } from '@godwit/contracts/problem-details';
import { buildTokenKubeconfig } from '../build-kubeconfig.ts';
import type { ClusterCredentials, ClusterProvider, ProviderCall, ProviderPace } from '../cluster-provider.ts';
import { AwsClients } from './aws-clients.ts';
import { refuseOtherAccount } from './aws-identity.ts';
import { checkAwsAccount } from './check-aws-account.ts';
import { deleteEksCluster } from './delete-eks-cluster.ts';
import { createEksToken } from './eks-token.ts';
import { type EksWork, ensureControlPlane, ensureNodeGroups, findCluster } from './ensure-eks-cluster.ts';
import { ensureAddons, ensureVolumeRole } from './ensure-eks-volumes.ts';
import { listEksOptions } from './list-eks-options.ts';
import { validateEks } from './validate-eks.ts';

/** Amazon EKS, as one account of AWS sees it. */
export class EksProvider implements ClusterProvider<EksDestination> {
  readonly type = 'EKS';

  constructor(
    private readonly account: AwsCredentials,
    private readonly organisationId: string,
    private readonly pace: ProviderPace,
    private readonly requestHandler?: EKSClientConfig['requestHandler'],
  ) {}

  checkAccount(signal: AbortSignal): Promise<CloudAccountStatus> {
    return this.use((clients) => checkAwsAccount(clients, signal));
  }

  listOptions(region: string | undefined, signal: AbortSignal): Promise<CloudOptions> {
    return this.use((clients) => listEksOptions(clients, region, signal));
  }

  validate(destination: EksDestination, signal: AbortSignal): Promise<FieldError[]> {
    return this.use((clients) => validateEks(clients, destination, signal));
  }

  ensureCluster(runId: string, destination: EksDestination, call: ProviderCall): Promise<void> {
    return this.use(async (clients) => {
      const work = this.work(clients, runId, destination, call);
      await ensureControlPlane(work);
      const volumeRoleArn = await ensureVolumeRole(clients.iam(), work);
      await ensureNodeGroups(work);
      await ensureAddons(work, volumeRoleArn);
    });
  }

  credentials(destination: EksDestination, signal: AbortSignal): Promise<ClusterCredentials> {
    return this.use(async (clients) => {
      const { name } = destination;
      const cluster = await findCluster(this.work(clients, '', destination, { signal, observe: () => {} }));
      const [server, caData] = [cluster?.endpoint, cluster?.certificateAuthority?.data];
      if (!server || !caData)
        throw new FatalError('ClusterGone', `EKS cluster ${name} is not there, or has no endpoint`, {
          cure: 'If it was deleted, forget the registered cluster.',
        });
      const { token, expiresAt } = await createEksToken(destination, clients.credentials);
      return { server, kubeconfig: buildTokenKubeconfig({ name, server, caData }, token), expiresAt };
    });
  }

  deleteCluster(runId: string, destination: EksDestination, call: ProviderCall): Promise<void> {
    return this.use(async (clients) => {
      await refuseOtherAccount(clients, destination, call.signal);
      await deleteEksCluster(this.work(clients, runId, destination, call), clients.iam());
    });
  }

  private work(clients: AwsClients, runId: string, destination: EksDestination, call: ProviderCall): EksWork {
    return { eks: clients.eks(destination.region), runId, destination, call, pace: this.pace };
  }

  private async use<T>(work: (clients: AwsClients) => Promise<T>): Promise<T> {
    const clients = new AwsClients(this.account, this.organisationId, this.requestHandler);
    try {
      return await work(clients);
    } finally {
      clients.close();
    }
  }
}
