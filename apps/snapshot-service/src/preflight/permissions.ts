import type { Finding } from '@godwit/contracts/findings';
import type { KubeClient } from '@godwit/kube/kube-client';
import { isAllowed, mayDoAnything } from './facts/review-access.ts';
import type { PlannedVolume } from './plan-volumes.ts';

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
  ...may('storageclasses', 'storage.k8s.io', 'list'),
];

/** What the product does itself in each cluster; what it captures and applies is asked about kind by kind. */
export const NEEDED_ON_SOURCE: readonly Permission[] = [
  ...WORKSPACE,
  ...may('volumesnapshots', SNAPSHOTS, ...SEEN, 'create', 'delete'),
  ...may('volumesnapshotcontents', SNAPSHOTS, ...SEEN, 'create', 'patch', 'delete'),
  ...may('volumesnapshotclasses', SNAPSHOTS, 'list'),
];

/** For a cut-over: what it stops, and starts again where it fails. */
export const NEEDED_TO_QUIESCE: readonly Permission[] = [
  ...['deployments', 'statefulsets', 'replicasets', 'daemonsets'].flatMap((resource) => may(resource, 'apps', 'list', 'patch')),
  ...['cronjobs', 'jobs'].flatMap((resource) => may(resource, 'batch', 'list', 'patch')),
];

export const NEEDED_ON_DESTINATION: readonly Permission[] = WORKSPACE;

/** A second PersistentVolume is made, and the mover goes where the first is attached. */
const NEEDED_FOR_LIVE_COPIES: readonly Permission[] = [
  ...may('persistentvolumes', '', 'create', 'delete'),
  ...may('volumeattachments', 'storage.k8s.io', 'list'),
];

/** A command in a pod is asked for by a GET that API servers of late take for a creation, too. */
export const NEEDED_FOR_HOOKS: readonly Permission[] = may('pods/exec', '', 'get', 'create');

/** Asks the cluster whether our credentials may do all of this, in any namespace. */
export async function findMissingPermissions(
  client: KubeClient,
  needed: readonly Permission[],
  signal: AbortSignal,
): Promise<Finding[]> {
  if (await mayDoAnything(client, signal)) return [];
  const answers = await Promise.all(needed.map((permission) => isAllowed(client, permission, signal)));
  const missing = needed.filter((_permission, index) => !answers[index]);
  return [...Map.groupBy(missing, ({ resource, group }) => (group ? `${resource}.${group}` : resource))].map(
    ([resource, permissions]) => ({
      severity: 'error',
      reason: 'PermissionMissing',
      cluster: client.clusterName,
      object: resource,
      message: `cluster "${client.clusterName}": the user of the kubeconfig may not ${permissions.map(({ verb }) => verb).join(', ')} ${resource}`,
      cure: 'Give it this permission by a ClusterRole, or register the cluster with a user that has it.',
    }),
  );
}

/** Asks for what live copies need, if there is one among the volumes. */
export async function findMissingForLiveCopies(
  source: KubeClient,
  volumes: readonly Pick<PlannedVolume, 'source' | 'skipReason'>[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const isAnyLive = volumes.some((volume) => !volume.skipReason && volume.source.exposure === 'Live');
  return isAnyLive ? findMissingPermissions(source, NEEDED_FOR_LIVE_COPIES, signal) : [];
}
