import type { KubernetesObject } from '@godwit/contracts/kubernetes-object';

/** Volume sources that are a server on the network, which another cluster can reach as well. */
const NETWORK_SOURCES = ['nfs', 'cephfs', 'glusterfs', 'iscsi', 'fc', 'rbd', 'azureFile'];

/** Drivers that mount a server on the network. */
const NETWORK_DRIVERS = new Set([
  'nfs.csi.k8s.io',
  'smb.csi.k8s.io',
  'efs.csi.aws.com',
  'fsx.csi.aws.com',
  'file.csi.azure.com',
  'filestore.csi.storage.gke.io',
  'cephfs.csi.ceph.com',
]);

/** Whether a PersistentVolume was made for its claim by a provisioner; else people made it by hand. */
export function isProvisioned({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.['pv.kubernetes.io/provisioned-by'] !== undefined;
}

/** Whether a PersistentVolume's storage is a server on the network. */
export function isOnNetwork({ spec }: KubernetesObject): boolean {
  const source = (spec ?? {}) as { csi?: { driver?: string } };
  return NETWORK_SOURCES.some((name) => name in source) || NETWORK_DRIVERS.has(source.csi?.driver ?? '');
}

/** Whether two clusters may have a PersistentVolume for the same storage: neither deletes it, and both reach it (rule 13). */
export function isShareable(volume: KubernetesObject): boolean {
  const { persistentVolumeReclaimPolicy } = (volume.spec ?? {}) as { persistentVolumeReclaimPolicy?: string };
  return !isProvisioned(volume) && isOnNetwork(volume) && persistentVolumeReclaimPolicy === 'Retain';
}
