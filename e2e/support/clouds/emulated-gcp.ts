import type { CloudAccountView, TestedCloudAccount } from '@godwit/contracts/api';
import { GcpEmulator } from '../../../tools/testing/clouds/gcp-emulator.ts';
import { ManagedApiServer } from '../../../tools/testing/clouds/managed-api-server.ts';
import type { Api } from '../api.ts';
import type { EmulatedCloud } from './emulated-cloud.ts';

const LOCATION = 'europe-west1';
const CREATE = 'container.projects.locations.clusters.create';

/** Google Cloud, with a real cluster behind each one of GKE: it takes the tokens that the emulator gave to the account. */
export class EmulatedGcp implements EmulatedCloud {
  readonly type = 'GKE';
  readonly secrets: readonly string[];

  private constructor(
    private readonly gcp: GcpEmulator,
    private readonly api: ManagedApiServer,
  ) {
    // A line of the key, as logs are lines.
    this.secrets = [gcp.credentials.privateKey.split('\n')[1]!];
  }

  static async start(kubeconfig: string): Promise<EmulatedGcp> {
    const gcp = await GcpEmulator.start();
    const api = await ManagedApiServer.start(kubeconfig, (authorization) => gcp.identity.problemOf(authorization));
    gcp.behind = api.behind;
    return new EmulatedGcp(gcp, api);
  }

  get env(): NodeJS.ProcessEnv {
    return this.gcp.env;
  }

  get server(): string {
    return this.api.behind.server;
  }

  async destination(api: Api, name: string) {
    const { credentials } = this.gcp;
    const account: TestedCloudAccount = await api.call('POST', '/cloud-accounts', { name: `gcp-${name}`, credentials });
    if (account.status.state !== 'Ready') throw new Error(JSON.stringify(account.status));
    return {
      type: 'GKE',
      cloudAccountId: (account as CloudAccountView).id,
      name,
      location: LOCATION,
      version: '1.34',
      nodePools: [{ name: 'workers', machineType: 'e2-standard-4' }],
    };
  }

  /** Its node pools are asked for together with it. */
  isHalfMade(): boolean {
    return this.clusterCreations() > 0;
  }

  clusterCreations(): number {
    return this.gcp.seen.filter((request) => request === CREATE).length;
  }

  forgetRequests(): void {
    this.gcp.seen.length = 0;
  }

  async left(): Promise<string[]> {
    return this.gcp.clusters.names();
  }

  wrong(): string[] {
    return [...this.gcp.wrong, ...this.api.refused];
  }

  async stop(): Promise<void> {
    this.api.stop();
    this.gcp.stop();
  }
}
