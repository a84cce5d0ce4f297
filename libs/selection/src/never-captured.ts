import type { ResourceInfo } from './resource-info.ts';

/** Types that are of one cluster only (rule 27): `plural.group`, the core group without a dot. */
const NEVER = new Set([
  'nodes',
  'events',
  'events.events.k8s.io',
  'componentstatuses',
  'bindings',
  'leases.coordination.k8s.io',
  'leasecandidates.coordination.k8s.io',
  'csinodes.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'controllerrevisions.apps',
  'resourceslices.resource.k8s.io',
  'ipaddresses.networking.k8s.io',
  'servicecidrs.networking.k8s.io',
  'storageversions.internal.apiserver.k8s.io',
  'storageversionmigrations.storagemigration.k8s.io',
  'podcertificaterequests.certificates.k8s.io',
  'certificatesigningrequests.certificates.k8s.io',
  // A snapshot's handle belongs to the source's storage; ours are among them too.
  'volumesnapshots.snapshot.storage.k8s.io',
  'volumesnapshotcontents.snapshot.storage.k8s.io',
  'volumegroupsnapshots.groupsnapshot.storage.k8s.io',
  'volumegroupsnapshotcontents.groupsnapshot.storage.k8s.io',
  // What network plugins and autoscalers keep of nodes, addresses and pods of the one cluster.
  'ciliumnodes.cilium.io',
  'ciliumidentities.cilium.io',
  'ciliumendpoints.cilium.io',
  'ciliumendpointslices.cilium.io',
  'blockaffinities.crd.projectcalico.org',
  'clusterinformations.crd.projectcalico.org',
  'ipamblocks.crd.projectcalico.org',
  'ipamconfigs.crd.projectcalico.org',
  'ipamhandles.crd.projectcalico.org',
  'nodeclaims.karpenter.sh',
  'cninodes.vpcresources.k8s.aws',
]);

/** Aggregated APIs that only show what other objects say. */
const READ_ONLY_GROUPS = new Set([
  'metrics.k8s.io',
  'custom.metrics.k8s.io',
  'external.metrics.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
]);

/** True of groups whose objects are never migrated, whichever kinds they have. */
export function isReadOnlyGroup(group: string): boolean {
  return READ_ONLY_GROUPS.has(group);
}

/** True if no object of the type is ever migrated, so that it need not even be listed. */
export function isNeverCaptured(info: ResourceInfo): boolean {
  const name = info.group ? `${info.plural}.${info.group}` : info.plural;
  const isSubresource = info.plural.includes('/');
  return isSubresource || NEVER.has(name) || isReadOnlyGroup(info.group) || !canBeMoved(info);
}

/** What cannot be listed (TokenReviews) or not be created (PodMetrics) cannot be moved. */
function canBeMoved({ verbs }: ResourceInfo): boolean {
  return verbs === undefined || (verbs.includes('list') && verbs.includes('create'));
}
