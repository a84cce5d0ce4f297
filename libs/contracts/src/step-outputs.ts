/** What steps put out for later ones; stored with the step. No secrets. */

export interface PreflightOutput {
  /** Every selected namespace of the source -> its name on the destination. */
  namespaces: Record<string, string>;
}

export interface CaptureOutput {
  objects: number;
  /** Sealed blobs `part-00000000` … below the archive's resources prefix: one JSON object per line. */
  parts: number;
}

export interface SnapshotOutput {
  /** Claim in our namespace on the source, made from the snapshot. */
  claimName: string;
}

export interface RestoreOutput {
  /** Claim in our namespace on the destination that holds the data. */
  claimName: string;
}

/** Name of a part of the captured resources: its key below the resources prefix, and what its seal is bound to. */
export function resourcesPartName(index: number): string {
  return `part-${String(index).padStart(8, '0')}`;
}
