import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { AwsEmulator } from '../../tools/testing/clouds/aws-emulator.ts';
import { type AdminAccess, EksApiServer } from '../../tools/testing/clouds/eks-api-server.ts';
import { makeCertificates } from '../../tools/testing/s3/make-certificates.ts';

export const EKS_REGION = 'eu-central-1';
export const AWS_KEYS = { accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'a-secret-of-aws' };

/** AWS, in which every cluster of a name that is created is a real one. */
export class EmulatedEks {
  private constructor(
    readonly aws: AwsEmulator,
    readonly api: EksApiServer,
  ) {}

  /** @param kubeconfig of an admin of the real cluster */
  static async start(clusterName: string, kubeconfig: string): Promise<EmulatedEks> {
    const directory = mkdtempSync(join(tmpdir(), 'godwit-eks-'));
    try {
      const certificates = await makeCertificates(directory, ['IP:127.0.0.1']);
      const { secretAccessKey } = AWS_KEYS;
      const behind = adminOf(kubeconfig);
      const api = await EksApiServer.start({ behind, certificates, clusterName, region: EKS_REGION, secretAccessKey });
      const aws = await AwsEmulator.start();
      aws.behind = api.behind;
      return new EmulatedEks(aws, api);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  async stop(): Promise<void> {
    this.api.stop();
    await this.aws.stop();
  }
}

function adminOf(kubeconfig: string): AdminAccess {
  const { clusters, users } = parse(kubeconfig);
  const bytes = (data: string) => Buffer.from(data, 'base64');
  return {
    server: clusters[0].cluster.server,
    ca: bytes(clusters[0].cluster['certificate-authority-data']),
    cert: bytes(users[0].user['client-certificate-data']),
    key: bytes(users[0].user['client-key-data']),
  };
}
