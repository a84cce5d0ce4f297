import type { CloudClusterType } from './destination.ts';

export interface CloudStorageClass {
  name: string;
  provisioner: string;
  parameters: Record<string, string>;
}

/**
 * The class of the driver that comes with the clusters of a type, which is made the default where a new cluster has none.
 * Those of AKS and GKE are there from the beginning, under these names.
 */
export const CLOUD_STORAGE_CLASS: Readonly<Record<CloudClusterType, CloudStorageClass>> = {
  EKS: { name: 'gp3', provisioner: 'ebs.csi.aws.com', parameters: { type: 'gp3' } },
  AKS: { name: 'managed-csi', provisioner: 'disk.csi.azure.com', parameters: { skuName: 'StandardSSD_LRS' } },
  GKE: { name: 'standard-rwo', provisioner: 'pd.csi.storage.gke.io', parameters: { type: 'pd-balanced' } },
};
