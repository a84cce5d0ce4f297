import type { CloudClusterType } from '@godwit/contracts/destination';
import type { Api } from '../api.ts';
import { EmulatedAws } from './emulated-aws.ts';
import { EmulatedAzure } from './emulated-azure.ts';
import { EmulatedGcp } from './emulated-gcp.ts';

/** A cloud in which every cluster that is created is a real one, that of the test bed which it was started with. */
export interface EmulatedCloud {
  readonly type: CloudClusterType;
  /** For the services, so that they ask it instead of the real one. */
  readonly env: NodeJS.ProcessEnv;
  /** What may not be seen anywhere, of the credentials that are registered. */
  readonly secrets: readonly string[];
  /** The API server that it gives to clusters. */
  readonly server: string;
  /** Registers an account. @returns a cluster that is to be created in it */
  destination(api: Api, name: string): Promise<{ cloudAccountId: string; [parameter: string]: unknown }>;
  /** Whether more than the control plane was asked for since the last call of `forgetRequests`. */
  isHalfMade(): boolean;
  /** Clusters that were asked for since then. */
  clusterCreations(): number;
  forgetRequests(): void;
  /** All that there is in it of what runs make. */
  left(): Promise<string[]>;
  /** What was wrong with requests: with the published description of the cloud, or with a token. */
  wrong(): string[];
  stop(): Promise<void>;
}

/** @param kubeconfig of an admin of the cluster that stands behind all that are created */
type Start = (kubeconfig: string) => Promise<EmulatedCloud>;

/** Every cloud in which clusters can be created. */
export const EMULATED_CLOUDS: Readonly<Record<CloudClusterType, Start>> = {
  EKS: EmulatedAws.start,
  GKE: EmulatedGcp.start,
  AKS: EmulatedAzure.start,
};
