import {
  type EvaluationResult,
  paginateSimulatePrincipalPolicy,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import type { CloudAccountStatus } from '@godwit/contracts/calls';
import { statusByPermissions, statusWithoutPermissions } from '../account-status.ts';
import type { AwsClients } from './aws-clients.ts';
import { accountNumberOf, callerOf, principalOf } from './aws-identity.ts';
import { volumeRoleName } from './eks-tags.ts';
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
  'iam:CreateServiceLinkedRole',
  'iam:DeleteRole',
  'iam:DetachRolePolicy',
  'iam:GetRole',
  'iam:ListAttachedRolePolicies',
  'iam:ListRoles',
  'iam:PassRole',
  'iam:TagRole',
];

const PASS_ROLE = 'iam:PassRole';
const CREATE_SERVICE_ROLE = 'iam:CreateServiceLinkedRole';
/** What is only done to the role that volumes of a run get. */
const ON_VOLUME_ROLE = ['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:DeleteRole', 'iam:DetachRolePolicy', 'iam:TagRole'];
const EKS = 'eks.amazonaws.com';
const ANY_RUN = '00000000-0000-4000-8000-000000000000';

/** Who acts, and which of the needed actions are denied; simulated, so that nothing is made for the question. */
export async function checkAwsAccount(clients: AwsClients, signal: AbortSignal): Promise<CloudAccountStatus> {
  const identity = await callerOf(clients, signal);
  const denied: EvaluationResult[] = [];
  try {
    const PolicySourceArn = await principalOf(identity, clients, signal);
    for (const question of questionsOf(PolicySourceArn)) {
      const asked = { PolicySourceArn, ...question };
      const pages = paginateSimulatePrincipalPolicy({ client: clients.iam() }, asked, { abortSignal: signal });
      for await (const { EvaluationResults = [] } of pages)
        denied.push(...EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== 'allowed'));
    }
  } catch (error) {
    signal.throwIfAborted();
    const { message } = explainAwsError(error, 'asking for the permissions');
    const cure = 'Allow iam:SimulatePrincipalPolicy, and it can be told which permissions are missing.';
    return statusWithoutPermissions(identity, message, cure);
  }
  if (denied.length === 1 && denied[0]!.EvalActionName === PASS_ROLE && denied[0]!.EvalDecision === 'implicitDeny') {
    const cure = 'See that it may pass the roles of the clusters and nodes that you choose.';
    return statusWithoutPermissions(identity, `${identity} may not pass every role (${PASS_ROLE})`, cure);
  }
  const missing = denied.flatMap(({ EvalActionName }) => EvalActionName ?? []).sort();
  return statusByPermissions(identity, missing, '', 'Add these actions to a policy of that identity.');
}

/**
 * A policy that allows no more than is needed names resources and services, so each action is asked for with those. What is asked
 * for without is asked for all resources.
 */
function questionsOf(
  principal: string,
): Pick<SimulatePrincipalPolicyCommandInput, 'ActionNames' | 'ResourceArns' | 'ContextEntries'>[] {
  const volumeRole = `arn:${principal.split(':')[1]}:iam::${accountNumberOf(principal)}:role/${volumeRoleName(ANY_RUN)}`;
  const apart = new Set([PASS_ROLE, CREATE_SERVICE_ROLE, ...ON_VOLUME_ROLE]);
  const with_ = (ContextKeyName: string) => [{ ContextKeyName, ContextKeyType: 'string' as const, ContextKeyValues: [EKS] }];
  return [
    { ActionNames: NEEDED_ACTIONS.filter((action) => !apart.has(action)) },
    { ActionNames: ON_VOLUME_ROLE, ResourceArns: [volumeRole] },
    { ActionNames: [PASS_ROLE], ContextEntries: with_('iam:PassedToService') },
    { ActionNames: [CREATE_SERVICE_ROLE], ContextEntries: with_('iam:AWSServiceName') },
  ];
}
