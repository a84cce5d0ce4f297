import type { CloudAccountStatus } from '@godwit/contracts/calls';
import { identityOf } from '@godwit/contracts/cloud-accounts';
import { FatalError } from '@godwit/contracts/errors';
import { statusByPermissions } from '../account-status.ts';
import { armResources } from './arm-resources.ts';
import type { AzureClients } from './azure-clients.ts';
import { missingActions } from './azure-permissions.ts';
import { explainAzureError } from './explain-azure-error.ts';

/** What is done in the resource group of a cluster, from the first look to the last deletion. */
export const NEEDED_ACTIONS: readonly string[] = [
  'Microsoft.ContainerService/managedClusters/delete',
  'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
  'Microsoft.ContainerService/managedClusters/read',
  'Microsoft.ContainerService/managedClusters/write',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
];
/** What is needed where a subnet lies that nodes are to be in. */
export const SUBNET_ACTIONS: readonly string[] = [
  'Microsoft.Network/virtualNetworks/read',
  'Microsoft.Network/virtualNetworks/subnets/join/action',
];

/** Groups whose permissions are asked for; at once. */
const MOST_GROUPS = 20;

/**
 * Who acts, and what it lacks. A role may be of one resource group alone: it is enough that clusters can be made in one of them,
 * and else the group that lacks least is told of.
 */
export async function checkAzureAccount(clients: AzureClients, signal: AbortSignal): Promise<CloudAccountStatus> {
  const identity = identityOf(clients.account);
  try {
    await refuseInactive(clients, signal);
    const groups = (await armResources.resourceGroups(clients, signal)).slice(0, MOST_GROUPS);
    const asked = await Promise.all(
      groups.map(async ({ name }) => ({
        name,
        missing: missingActions(NEEDED_ACTIONS, await armResources.permissions(clients, name, signal)),
      })),
    );
    const [best] = asked.sort((a, b) => a.missing.length - b.missing.length);
    if (!best) return { state: 'Failed', identity, problem: NO_GROUP };
    const cure =
      'Give it a role with these actions in the resource group that clusters are to be in, such as "Azure Kubernetes Service Contributor Role".';
    return statusByPermissions(identity, best.missing, ` in resource group ${best.name}, and in no other one more`, cure);
  } catch (error) {
    signal.throwIfAborted();
    throw explainAzureError(error, 'asking Azure what the account may do');
  }
}

const NO_GROUP = {
  severity: 'error' as const,
  reason: 'ResourceGroupMissing',
  message: 'the account sees no resource group in its subscription',
  cure: 'Create one for clusters, and give the identity of the account a role in it.',
};

async function refuseInactive(clients: AzureClients, signal: AbortSignal): Promise<void> {
  const { displayName, state } = await armResources.subscription(clients, signal);
  if (state === undefined || state === 'Enabled' || state === 'PastDue') return;
  throw new FatalError('SubscriptionUnfit', `subscription ${displayName ?? clients.account.subscriptionId} is ${state}`, {
    cure: 'Have the subscription made active again, or name another one.',
  });
}
