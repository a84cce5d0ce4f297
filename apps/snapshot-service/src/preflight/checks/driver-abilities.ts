/** One node at a time, as disks are. As raw devices some of them may be shared. */
const DISKS: Readonly<Record<string, { sharesBlock: boolean; readsFromMany?: boolean }>> = {
  'ebs.csi.aws.com': { sharesBlock: true },
  'disk.csi.azure.com': { sharesBlock: true },
  'pd.csi.storage.gke.io': { sharesBlock: true, readsFromMany: true },
  'rbd.csi.ceph.com': { sharesBlock: true, readsFromMany: true },
  'openshift-storage.rbd.csi.ceph.com': { sharesBlock: true, readsFromMany: true },
  'cinder.csi.openstack.org': { sharesBlock: false },
  'dobs.csi.digitalocean.com': { sharesBlock: false },
  'csi.hetzner.cloud': { sharesBlock: false },
  'linodebs.csi.linode.com': { sharesBlock: false },
  'topolvm.io': { sharesBlock: false },
  'local.csi.openebs.io': { sharesBlock: false },
  'rancher.io/local-path': { sharesBlock: false },
  'kubernetes.io/aws-ebs': { sharesBlock: false },
  'kubernetes.io/azure-disk': { sharesBlock: false },
  'kubernetes.io/gce-pd': { sharesBlock: false, readsFromMany: true },
};

/** Shared file systems have no device to hand out. */
const FILE_SYSTEMS = new Set([
  'efs.csi.aws.com',
  'fsx.csi.aws.com',
  'file.csi.azure.com',
  'filestore.csi.storage.gke.io',
  'nfs.csi.k8s.io',
  'smb.csi.k8s.io',
  'cephfs.csi.ceph.com',
  'openshift-storage.cephfs.csi.ceph.com',
  'rancher.io/local-path',
]);

/** @returns what a known driver cannot do of an access mode, as the beginning of a sentence; undefined if it can or is not known */
export function accessModeProblem(driver: string, accessMode: string, volumeMode: string): string | undefined {
  const disk = Object.hasOwn(DISKS, driver) ? DISKS[driver] : undefined;
  if (!disk || (volumeMode === 'Block' && disk.sharesBlock)) return undefined;
  const cannot = accessMode === 'ReadWriteMany' || (accessMode === 'ReadOnlyMany' && !disk.readsFromMany);
  return cannot ? `it asks for ${accessMode}, and ${driver} serves a volume on one node at a time` : undefined;
}

/** @returns what a known driver cannot do of a volume mode; undefined if it can or is not known */
export function volumeModeProblem(driver: string, volumeMode: string): string | undefined {
  if (volumeMode !== 'Block' || !FILE_SYSTEMS.has(driver)) return undefined;
  return `it is a block volume, and ${driver} serves file systems only`;
}
