import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { EksDestination } from '@godwit/contracts/destination';
import { FatalError } from '@godwit/contracts/errors';
import type { AwsClients } from './aws-clients.ts';
import { explainAwsError } from './explain-aws-error.ts';

/** @returns the ARN of who acts */
export async function callerOf(clients: AwsClients, signal: AbortSignal): Promise<string> {
  try {
    const { Arn } = await clients.sts().send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    return Arn ?? 'unknown';
  } catch (error) {
    throw explainAwsError(error, 'asking AWS who acts');
  }
}

/** @returns the number of the AWS account that an ARN is of */
export function accountNumberOf(arn: string): string | undefined {
  return arn.split(':')[4];
}

/** @returns the name of a role, which its path is no part of */
export function roleNameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** Policies are those of the role, not of the session in which it is assumed. The session does not tell the role's path. */
export async function principalOf(callerArn: string, clients: AwsClients, signal: AbortSignal): Promise<string> {
  const session = /^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\/.+$/.exec(callerArn);
  if (!session) return callerArn;
  const [, partition, account, RoleName] = session;
  try {
    const { Role } = await clients.iam().send(new GetRoleCommand({ RoleName }), { abortSignal: signal });
    if (Role?.Arn) return Role.Arn;
  } catch {
    // It may not look at itself: most roles have no path.
    signal.throwIfAborted();
  }
  return `arn:${partition}:iam::${account}:role/${RoleName}`;
}

/**
 * A cluster lies in the AWS account of its role. In another one it is not found, which must not be taken for its being gone.
 *
 * @throws FatalError `WrongAwsAccount`
 */
export async function refuseOtherAccount(clients: AwsClients, destination: EksDestination, signal: AbortSignal): Promise<void> {
  const [is, wanted] = [await callerOf(clients, signal), destination.clusterRoleArn].map(accountNumberOf);
  if (is === wanted) return;
  throw new FatalError(
    'WrongAwsAccount',
    `the credentials are of AWS account ${is}, and EKS cluster ${destination.name} is in ${wanted}`,
    { cure: `Give the cloud account credentials of AWS account ${wanted}.` },
  );
}
