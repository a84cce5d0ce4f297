import { paginateSimulatePrincipalPolicy } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { CloudAccountStatus } from '@godwit/contracts/calls';
import { statusByPermissions, statusWithoutPermissions } from '../account-status.ts';
import type { AwsClients } from './aws-clients.ts';
import { explainAwsError } from './explain-aws-error.ts';

/** All that is asked of AWS, from the first look to the last deletion. */
export const NEEDED_ACTIONS: readonly string[] = [
  'ec2:DescribeInstanceTypeOfferings',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeRegions',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'eks:CreateAddon',
  'eks:CreateCluster',
  'eks:CreateNodegroup',
  'eks:CreatePodIdentityAssociation',
  'eks:DeleteCluster',
  'eks:DeleteNodegroup',
  'eks:DescribeAddon',
  'eks:DescribeCluster',
  'eks:DescribeClusterVersions',
  'eks:DescribeNodegroup',
  'eks:ListNodegroups',
  'eks:TagResource',
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRole',
  'iam:DetachRolePolicy',
  'iam:GetRole',
  'iam:ListRoles',
  'iam:PassRole',
  'iam:TagRole',
];

/** Who acts, and which of the needed actions are denied; simulated, so that nothing is made for the question. */
export async function checkAwsAccount(clients: AwsClients, signal: AbortSignal): Promise<CloudAccountStatus> {
  const identity = await callerOf(clients, signal);
  const missingPermissions: string[] = [];
  try {
    const pages = paginateSimulatePrincipalPolicy(
      { client: clients.iam() },
      { PolicySourceArn: principalOf(identity), ActionNames: [...NEEDED_ACTIONS] },
      { abortSignal: signal },
    );
    for await (const { EvaluationResults = [] } of pages)
      missingPermissions.push(
        ...EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed').flatMap(
          ({ EvalActionName }) => EvalActionName ?? [],
        ),
      );
  } catch (error) {
    signal.throwIfAborted();
    const { message } = explainAwsError(error, 'asking for the permissions');
    const cure = 'Allow iam:SimulatePrincipalPolicy, and it can be told which permissions are missing.';
    return statusWithoutPermissions(identity, message, cure);
  }
  return statusByPermissions(identity, missingPermissions, '', 'Add these actions to a policy of that identity.');
}

async function callerOf(clients: AwsClients, signal: AbortSignal): Promise<string> {
  try {
    const { Arn } = await clients.sts().send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    return Arn ?? 'unknown';
  } catch (error) {
    throw explainAwsError(error, 'asking AWS who acts');
  }
}

/** Policies are those of the role, not of the session in which it is assumed. */
export function principalOf(callerArn: string): string {
  const session = /^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\/.+$/.exec(callerArn);
  return session ? `arn:${session[1]}:iam::${session[2]}:role/${session[3]}` : callerArn;
}
