import type { ArchiveStorage } from './archive-storage.ts';

/** The archive of a volume that a run has made. */
export interface VolumeArchive {
  storage: ArchiveStorage;
  runId: string;
  volumeId: string;
}

/** What of earlier stages a run goes on from with a volume, as its preflight has decided. */
export interface VolumeStaging {
  /** Claim in our namespace on the destination: the one of earlier stages, or one that is to be made. */
  claimName: string;
  /** What the stage before has left in the store; it goes when this run has a later one. */
  last?: VolumeArchive;
  /** Digest of the state that `last` and the claim's volume have: only what changed since is copied. None: all is. */
  base?: string;
  /** A claim of earlier stages that cannot be gone on with. */
  replaces?: { clusterId: string; claimName: string };
}
