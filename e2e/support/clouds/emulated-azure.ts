import type { CloudAccountView, TestedCloudAccount } from '@godwit/contracts/api';
import { AZURE_ACCOUNT, AzureEmulator } from '../../../tools/testing/clouds/azure-emulator.ts';
import { AZURE_GROUP, AZURE_LOCATION } from '../../../tools/testing/clouds/azure-resources.ts';
import { ManagedApiServer } from '../../../tools/testing/clouds/managed-api-server.ts';
import type { Api } from '../api.ts';
import type { EmulatedCloud } from './emulated-cloud.ts';

/** Azure, with a real cluster behind each one of AKS. */
export class EmulatedAzure implements EmulatedCloud {
  readonly type = 'AKS';
  readonly secrets = [AZURE_ACCOUNT.clientSecret];

  private constructor(
    private readonly azure: AzureEmulator,
    private readonly api: ManagedApiServer,
  ) {}

  static async start(kubeconfig: string): Promise<EmulatedAzure> {
    const api = await ManagedApiServer.start(kubeconfig, (_, isAdmin) => (isAdmin ? undefined : 'it is not the admin'));
    const azure = await AzureEmulator.start();
    azure.resources.kubeconfigs.admin = api.adminKubeconfig;
    return new EmulatedAzure(azure, api);
  }

  get env(): NodeJS.ProcessEnv {
    return this.azure.env;
  }

  get server(): string {
    return this.api.behind.server;
  }

  async destination(api: Api, name: string) {
    const account: TestedCloudAccount = await api.call('POST', '/cloud-accounts', {
      name: `azure-${name}`,
      credentials: AZURE_ACCOUNT,
    });
    if (account.status.state !== 'Ready') throw new Error(JSON.stringify(account.status));
    return {
      type: 'AKS',
      cloudAccountId: (account as CloudAccountView).id,
      name,
      resourceGroup: AZURE_GROUP,
      location: AZURE_LOCATION,
      version: '1.34',
      nodePools: [{ name: 'workers', vmSize: 'Standard_D4s_v5' }],
    };
  }

  /** One request asks for all of it. */
  isHalfMade(): boolean {
    return this.clusterCreations() > 0;
  }

  clusterCreations(): number {
    return this.azure.seen.filter((request) => request === 'managed_clusters_create_or_update').length;
  }

  forgetRequests(): void {
    this.azure.seen.length = 0;
  }

  async left(): Promise<string[]> {
    return [...this.azure.resources.clusters.keys()];
  }

  wrong(): string[] {
    return [...this.azure.wrong, ...this.api.refused];
  }

  async stop(): Promise<void> {
    this.api.stop();
    this.azure.stop();
  }
}
