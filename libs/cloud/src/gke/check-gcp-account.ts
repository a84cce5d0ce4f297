import type { CloudAccountStatus } from '@godwit/contracts/calls';
import { statusByPermissions, statusWithoutPermissions } from '../account-status.ts';
import { explainGcpError } from './explain-gcp-error.ts';
import type { GcpClients } from './gcp-clients.ts';

/**
 * All that is asked of Google Cloud, from the first look to the last deletion, and of the clusters what shows that the account
 * is their admin. To let nodes act as a service account is allowed at that account, and asked there.
 */
export const NEEDED_PERMISSIONS: readonly string[] = [
  'compute.machineTypes.get',
  'compute.machineTypes.list',
  'compute.networks.get',
  'compute.networks.list',
  'compute.regions.get',
  'compute.regions.list',
  'compute.subnetworks.get',
  'compute.subnetworks.list',
  'container.clusterRoleBindings.create',
  'container.clusters.create',
  'container.clusters.delete',
  'container.clusters.get',
  'container.clusters.getCredentials',
  'container.clusters.list',
  'container.namespaces.create',
  'container.operations.get',
  'container.operations.list',
  'container.persistentVolumeClaims.create',
  'container.persistentVolumes.create',
  'container.pods.create',
  'container.pods.exec',
  'container.secrets.create',
  'container.storageClasses.create',
  'container.thirdPartyObjects.create',
  'container.volumeSnapshotClasses.create',
];

/** Who acts, and which of the needed permissions are missing. */
export async function checkGcpAccount(clients: GcpClients): Promise<CloudAccountStatus> {
  const { identity, projectId } = clients;
  try {
    await clients.token();
  } catch (error) {
    clients.throwIfAborted();
    throw explainGcpError(error, `asking Google Cloud for a token of ${identity}`);
  }
  let granted: readonly string[];
  try {
    const url = `https://cloudresourcemanager.googleapis.com/v1/projects/${projectId}:testIamPermissions`;
    const answer = await clients.request<{ permissions?: string[] }>(url, { data: { permissions: [...NEEDED_PERMISSIONS] } });
    granted = answer.permissions ?? [];
  } catch (error) {
    clients.throwIfAborted();
    const { message } = explainGcpError(error, 'asking for the permissions');
    const cure = 'Enable the Cloud Resource Manager API in the project, and it can be told which permissions are missing.';
    return statusWithoutPermissions(identity, message, cure);
  }
  const missing = NEEDED_PERMISSIONS.filter((permission) => !granted.includes(permission));
  const cure =
    'Give the service account a role with these permissions (Kubernetes Engine Admin and Compute Viewer have them all).';
  return statusByPermissions(identity, missing, ` in project ${projectId}`, cure);
}
