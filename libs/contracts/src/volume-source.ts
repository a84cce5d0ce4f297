/** What is known of a claim on the source and of its volume, as found by preflight. */
export interface VolumeSource {
  claimUid: string;
  /** Of the bound PersistentVolume. */
  pvName: string;
  /** Name of the CSI driver; empty if it is of none. */
  driver: string;
  /** How the mover comes to read it: from a snapshot, or as it is while its pods go on. */
  exposure: 'Snapshot' | 'Live';
  /** The snapshot is made a volume that is only for reading. */
  exposedReadOnly: boolean;
  /** Class on the source in which the snapshot is made a volume again, for the mover; empty of a live one. */
  exposedStorageClassName: string;
  volumeMode: 'Filesystem' | 'Block';
  accessModes: string[];
  /** As in `spec.resources.requests.storage`, or the volume's capacity where that is larger. */
  requestedStorage: string;
  /** Class of the snapshot on the source; empty of a live one. */
  snapshotClassName: string;
  /** Class of the volume on the destination. */
  targetStorageClassName: string;
  /** Labels and reclaim policy of the PV, for the new one. */
  pvLabels: Record<string, string>;
  pvReclaimPolicy: string;
}
