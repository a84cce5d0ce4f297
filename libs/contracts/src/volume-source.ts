/** What is known of a claim on the source and of its volume, as found by preflight. */
export interface VolumeSource {
  claimUid: string;
  /** Of the bound PersistentVolume. */
  pvName: string;
  /** Name of the CSI driver. */
  driver: string;
  /** Class on the source in which the snapshot is made a volume again, for the mover. */
  exposedStorageClassName: string;
  volumeMode: 'Filesystem' | 'Block';
  accessModes: string[];
  /** As in `spec.resources.requests.storage`, or the volume's capacity where that is larger. */
  requestedStorage: string;
  /** Class of the snapshot on the source. */
  snapshotClassName: string;
  /** Class of the volume on the destination. */
  targetStorageClassName: string;
  /** Labels and reclaim policy of the PV, for the new one. */
  pvLabels: Record<string, string>;
  pvReclaimPolicy: string;
}
