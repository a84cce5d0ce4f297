import type { Finding } from '@godwit/contracts/findings';
import type { KubeClient } from '@godwit/kube/kube-client';
import { resourcePath, SELF_SUBJECT_ACCESS_REVIEW } from '@godwit/kube/resource-type';

interface Permission {
  verb: string;
  group: string;
  resource: string;
}

function may(resource: string, group: string, ...verbs: string[]): Permission[] {
  return verbs.map((verb) => ({ verb, group, resource }));
}

const SNAPSHOTS = 'snapshot.storage.k8s.io';

/** What is looked at is read, listed and watched. */
const SEEN = ['get', 'list', 'watch'];

/** Our own namespace, and what lives in it; each in any namespace, for the kinds are asked about as a whole. */
const WORKSPACE: readonly Permission[] = [
  ...may('namespaces', '', ...SEEN, 'create', 'delete'),
  ...may('pods', '', ...SEEN, 'create', 'delete'),
  ...may('pods/log', '', 'get'),
  ...may('secrets', '', ...SEEN, 'create', 'delete'),
  ...may('persistentvolumeclaims', '', ...SEEN, 'create', 'delete'),
  ...may('persistentvolumes', '', ...SEEN, 'patch'),
];

/** What the product does itself in each cluster; what it captures and applies is found out as it goes. */
export const NEEDED_ON_SOURCE: readonly Permission[] = [
  ...WORKSPACE,
  ...may('volumesnapshots', SNAPSHOTS, ...SEEN, 'create', 'delete'),
  ...may('volumesnapshotcontents', SNAPSHOTS, ...SEEN, 'create', 'patch', 'delete'),
];

export const NEEDED_ON_DESTINATION: readonly Permission[] = WORKSPACE;

/** Asks the cluster whether our credentials may do all of this, in any namespace. */
export async function findMissingPermissions(
  client: KubeClient,
  needed: readonly Permission[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const answers = await Promise.all(needed.map((permission) => isAllowed(client, permission, signal)));
  return needed
    .filter((_permission, index) => !answers[index])
    .map(({ verb, resource, group }) => ({
      severity: 'error',
      reason: 'PermissionMissing',
      cluster: client.clusterName,
      message: `cluster "${client.clusterName}": the user of the kubeconfig may not ${verb} ${resource}${group ? `.${group}` : ''}`,
      cure: 'Give it this permission by a ClusterRole, or register the cluster with a user that has it.',
    }));
}

async function isAllowed(client: KubeClient, { verb, group, resource }: Permission, signal: AbortSignal): Promise<boolean> {
  const [name, subresource] = resource.split('/');
  const review = await client.json<{ status: { allowed: boolean } }>(resourcePath(SELF_SUBJECT_ACCESS_REVIEW), {
    method: 'POST',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource: name, subresource } },
    },
    signal,
    what: 'asking for our permissions',
  });
  return review.status.allowed;
}
