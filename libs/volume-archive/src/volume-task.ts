import type { MoverProgress, MoverWarning } from '@godwit/contracts/mover-protocol';
import type { PackStore } from './pack-store.ts';
import type { StreamTarget } from './stream-target.ts';

/** What copying and restoring a volume have in common. */
export interface VolumeTask {
  /** Filesystem: the directory where the volume is mounted. Block: the device, or a regular file in its place. */
  root: string;
  /** Identity of the volume within its run; the archive is bound to it. */
  volumeId: string;
  mode: 'Filesystem' | 'Block';
  store: PackStore;
  /** Keys of this volume in the store: `<prefix>/packs/<number>` and `<prefix>/closing`. */
  prefix: string;
  /** Key of the run, 32 bytes. */
  key: Uint8Array;
  /** How many streams to use; none: 1. */
  streams?: StreamTarget;
  /** Bytes per second of each stream towards or from the store. */
  maxBytesPerSecond?: number;
  signal?: AbortSignal;
  /** Called whenever the figures have moved (often: throttle it). */
  onProgress?: (progress: VolumeProgress) => void;
  /** Called for each thing that the user must know and that does not stop the work. */
  onWarning?: (warning: VolumeWarning) => void;
}

export type VolumeProgress = Omit<MoverProgress, 'type'>;
export type VolumeWarning = Omit<MoverWarning, 'type'>;

/** The figures of a volume; but for `storedBytes` and `warnings` those of a restore equal those of the copy. */
export interface VolumeTotals {
  /** Bytes of file data in the archive: holes and further names of hard linked files do not count. */
  bytes: number;
  /** Entries that are not directories. */
  files: number;
  packs: number;
  /** Bytes sent to, or received from, object storage by this call. */
  storedBytes: number;
  warnings: number;
  /** Hex, over the plain packs in their order: what was read, or what was written. Equal on both sides. */
  digest: string;
  /** Hex: digest of the archive that this one is based on; none: it stands alone. */
  base?: string;
}
