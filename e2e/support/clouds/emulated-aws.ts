import type { CloudAccountView, TestedCloudAccount } from '@godwit/contracts/api';
import { AwsEmulator } from '../../../tools/testing/clouds/aws-emulator.ts';
import { tokenProblem } from '../../../tools/testing/clouds/eks-token-problem.ts';
import { ManagedApiServer } from '../../../tools/testing/clouds/managed-api-server.ts';
import type { Api } from '../api.ts';
import type { EmulatedCloud } from './emulated-cloud.ts';

const REGION = 'eu-central-1';
const KEYS = { accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'a-secret-of-aws' };

/** AWS, with a real cluster behind each one of EKS. */
export class EmulatedAws implements EmulatedCloud {
  readonly type = 'EKS';
  readonly secrets = [KEYS.secretAccessKey];

  private constructor(
    private readonly aws: AwsEmulator,
    private readonly api: ManagedApiServer,
    private readonly asked: { clusterName: string },
  ) {}

  static async start(kubeconfig: string): Promise<EmulatedAws> {
    // Tokens are of one cluster each: of the one that is asked for.
    const asked = { clusterName: '' };
    const api = await ManagedApiServer.start(kubeconfig, (authorization) => {
      const { secretAccessKey } = KEYS;
      return tokenProblem(authorization, { ...asked, region: REGION, secretAccessKey, now: new Date() });
    });
    const aws = await AwsEmulator.start();
    aws.behind = api.behind;
    return new EmulatedAws(aws, api, asked);
  }

  get env(): NodeJS.ProcessEnv {
    return { AWS_ENDPOINT_URL: this.aws.endpoint };
  }

  get server(): string {
    return this.api.behind.server;
  }

  async destination(api: Api, name: string) {
    this.asked.clusterName = name;
    const credentials = { provider: 'AWS', ...KEYS };
    const account: TestedCloudAccount = await api.call('POST', '/cloud-accounts', { name: `aws-${name}`, credentials });
    if (account.status.state !== 'Ready') throw new Error(JSON.stringify(account.status));
    return {
      type: 'EKS',
      cloudAccountId: (account as CloudAccountView).id,
      name,
      region: REGION,
      version: '1.34',
      subnetIds: (await this.aws.subnetIds(REGION)).slice(0, 2),
      clusterRoleArn: 'arn:aws:iam::123456789012:role/cluster',
      nodeRoleArn: 'arn:aws:iam::123456789012:role/nodes',
      nodePools: [{ name: 'workers', instanceTypes: ['m6i.large'] }],
    };
  }

  isHalfMade(): boolean {
    return this.aws.seen.includes('EKS CreateNodegroup');
  }

  clusterCreations(): number {
    return this.aws.seen.filter((request) => request === 'EKS CreateCluster').length;
  }

  forgetRequests(): void {
    this.aws.seen.length = 0;
  }

  async left(): Promise<string[]> {
    return [...(await this.aws.clusterNames(REGION)), ...(await this.aws.roleNames()), ...this.aws.addonNames()];
  }

  wrong(): string[] {
    return [...this.aws.wrong, ...this.api.refused];
  }

  async stop(): Promise<void> {
    this.api.stop();
    await this.aws.stop();
  }
}
