import type { KubernetesObject } from './kubernetes-object.ts';

/** What steps put out for later ones; stored with the step. No secrets. */

export interface PreflightOutput {
  /** Every selected namespace of the source -> its name on the destination. */
  namespaces: Record<string, string>;
  /** How many errors it found; of a preview, which goes on all the same. */
  errors?: number;
}

export interface CaptureOutput {
  objects: number;
  /** How many sealed blobs of captured objects there are for each tier, in the order in which tiers are applied. */
  tiers: number[];
}

/** A line of a part of the captured resources. */
export interface CapturedObject {
  /** As the source's API server gave it. */
  object: KubernetesObject;
  /** A sentence for people, of what was not selected itself. */
  includedBecause?: string;
}

export interface SnapshotOutput {
  /** Claim in our namespace on the source, made from the snapshot. */
  claimName: string;
}

export interface RestoreOutput {
  /** Claim in our namespace on the destination that holds the data. */
  claimName: string;
}

/**
 * Name of a part of the captured resources: its key below the resources prefix, and what its seal is bound to.
 * @param tier index of the tier in which its objects are applied
 */
export function resourcesPartName(tier: number, index: number): string {
  return `tier-${String(tier).padStart(2, '0')}/part-${String(index).padStart(8, '0')}`;
}
