import { EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient, type EKSClientConfig } from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AwsCredentials } from '@godwit/contracts/cloud-accounts';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

/** IAM and what is asked without a region. */
export const GLOBAL_REGION = 'us-east-1';
const SESSION_SECONDS = 3_600;
/** The SDK waits longer and longer between them, also when it is throttled. */
const MAX_ATTEMPTS = 5;

/**
 * The clients of one account. Where the SDK's own variables name other endpoints (AWS_ENDPOINT_URL), these are asked.
 */
export class AwsClients {
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  private readonly open: { destroy(): void }[] = [];

  /** @param requestHandler sends the requests, where the SDK's own is not to */
  constructor(
    account: AwsCredentials,
    organisationId: string,
    private readonly requestHandler?: EKSClientConfig['requestHandler'],
  ) {
    this.credentials = credentialsOf(account, organisationId);
  }

  eks(region: string): EKSClient {
    return this.keep(new EKSClient(this.options(region)));
  }

  ec2(region: string): EC2Client {
    return this.keep(new EC2Client(this.options(region)));
  }

  iam(): IAMClient {
    return this.keep(new IAMClient(this.options(GLOBAL_REGION)));
  }

  sts(region = GLOBAL_REGION): STSClient {
    return this.keep(new STSClient(this.options(region)));
  }

  close(): void {
    for (const client of this.open.splice(0)) client.destroy();
  }

  private options(region: string) {
    const { credentials, requestHandler } = this;
    return { region, credentials, maxAttempts: MAX_ATTEMPTS, ...(requestHandler ? { requestHandler } : {}) };
  }

  private keep<T extends { destroy(): void }>(client: T): T {
    this.open.push(client);
    return client;
  }
}

/**
 * A role alone is assumed by the identity of this service, which all tenants share: with an external id that they cannot
 * choose, none can have a role of another's assumed for them.
 */
function credentialsOf(account: AwsCredentials, organisationId: string): AwsCredentialIdentity | AwsCredentialIdentityProvider {
  const { accessKeyId, secretAccessKey, sessionToken, roleArn, externalId } = account;
  const keys = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken } : undefined;
  if (!roleArn) return keys!;
  return fromTemporaryCredentials({
    ...(keys ? { masterCredentials: keys } : {}),
    clientConfig: { region: GLOBAL_REGION },
    params: {
      RoleArn: roleArn,
      RoleSessionName: 'godwit',
      DurationSeconds: SESSION_SECONDS,
      ExternalId: keys ? externalId : organisationId,
    },
  });
}
