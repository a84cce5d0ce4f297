import { z } from 'zod';
import { ObjectStoreConfig } from './object-store-config.ts';

/** Where the mover pod finds its configuration: the one key of a Secret, mounted as a file. */
export const MOVER_CONFIG_DIR = '/etc/godwit';
export const MOVER_CONFIG_FILE = 'mover.json';
/** Where the volume is: mounted here (Filesystem), or this device (Block). */
export const MOVER_VOLUME_PATH = '/volume';

/** Most streams of one migration. */
export const MAX_STREAMS = 16;

/** All that a mover needs. It holds secrets: it lives in a Secret and is never logged. */
export const MoverConfig = z.object({
  version: z.literal(1),
  action: z.enum(['copy', 'restore']),
  volume: z.object({
    id: z.string().min(1),
    mode: z.enum(['Filesystem', 'Block']),
    path: z.string().default(MOVER_VOLUME_PATH),
  }),
  archive: z.object({
    /** Key prefix of this volume within the store, without its prefix: `runs/<run>/volumes/<volume>`. */
    prefix: z.string().min(1),
    /** Key of the run, base64 of 32 bytes. The volume's own keys are derived from it. */
    key: z.base64(),
  }),
  store: ObjectStoreConfig,
  /** Streams to begin with (none: 1); a {@link StreamOrder} in the archive may change it while the mover runs. */
  streams: z.number().int().min(1).max(MAX_STREAMS).optional(),
  /** Number of the order that said so; only orders with a greater number change it. */
  streamOrder: z.number().int().nonnegative().default(0),
  /** Bytes per second of each stream towards or from the store; none: unlimited. */
  maxBytesPerSecond: z.number().positive().optional(),
  /** Copy: keep an index, so that a later copy can send only what changed since. */
  index: z.boolean().optional(),
  /** Copy: send only what changed since this archive was made. One that is missing or damaged is told, and all is sent. */
  base: z
    .object({
      prefix: z.string().min(1),
      volumeId: z.string().min(1),
      /** Key of the run that made it, base64 of 32 bytes. */
      key: z.base64(),
    })
    .optional(),
  /** Restore: digest of the archive whose state the destination volume has; none: nothing is known of what it holds. */
  holds: z.string().optional(),
  /** A restore that sees no new pack for so long gives up. */
  stallTimeoutSeconds: z.number().positive().default(900),
});
export type MoverConfig = z.infer<typeof MoverConfig>;

/**
 * What tells a running mover how many streams to use: an object in the archive (see `streamOrderKey`), sealed as a blob named by
 * its key, since a mover talks to nobody but object storage.
 */
export const StreamOrder = z.object({
  /** Grows with each order: one that was written late, by a worker that lost the step, changes nothing. */
  order: z.number().int().nonnegative(),
  streams: z.number().int().min(1).max(MAX_STREAMS),
});
export type StreamOrder = z.infer<typeof StreamOrder>;

/** One JSON line on stdout, about one a second. */
export const MoverProgress = z.object({
  type: z.literal('progress'),
  bytesDone: z.number().nonnegative(),
  /** Known once the walk (copy) or the closing object (restore) tells; before that an estimate, or absent. */
  bytesTotal: z.number().nonnegative().optional(),
  filesDone: z.number().nonnegative(),
  filesTotal: z.number().nonnegative().optional(),
  /** Bytes sent to or received from the store. */
  storedBytes: z.number().nonnegative(),
  /** Streams that it may be using: what it was told, or still more until the surplus ones have ended their pack. */
  streams: z.number().int().nonnegative().optional(),
  /** Number of the order that it follows. */
  streamOrder: z.number().int().nonnegative().optional(),
});
export type MoverProgress = z.infer<typeof MoverProgress>;

/** Something the user must know that did not stop the mover. */
export const MoverWarning = z.object({
  type: z.literal('warning'),
  reason: z.string(),
  /** Path within the volume; bytes that are not UTF-8 are shown as \xNN. */
  path: z.string(),
  message: z.string(),
});
export type MoverWarning = z.infer<typeof MoverWarning>;

export const MoverLine = z.discriminatedUnion('type', [MoverProgress, MoverWarning]);
export type MoverLine = z.infer<typeof MoverLine>;

/** The termination message of the mover's container (at most 4 KiB). */
export const MoverResult = z.object({
  type: z.literal('result'),
  ok: z.boolean(),
  bytes: z.number().nonnegative(),
  files: z.number().nonnegative(),
  packs: z.number().nonnegative(),
  storedBytes: z.number().nonnegative(),
  warnings: z.number().nonnegative(),
  /** Hex digest over the plain packs: what was read, or what was written. Equal on both sides. */
  digest: z.string().optional(),
  /** Copy: digest of the archive that it is based on; none: it stands alone. */
  base: z.string().optional(),
  error: z.object({ reason: z.string(), message: z.string() }).optional(),
});
export type MoverResult = z.infer<typeof MoverResult>;

export interface MoverExit {
  code: number;
  reason: string;
  /** Whether a new mover may succeed. */
  retryable: boolean;
  meaning: string;
}

/** Exit codes of the mover and what they mean for people. */
export const MOVER_EXITS = [
  { code: 0, reason: 'Done', retryable: false, meaning: 'the volume is complete' },
  { code: 1, reason: 'Unexpected', retryable: true, meaning: 'the mover failed in a way it does not know' },
  { code: 2, reason: 'BadConfig', retryable: false, meaning: 'the configuration of the mover is not valid' },
  { code: 3, reason: 'StoreUnreachable', retryable: true, meaning: 'object storage did not answer, or answered with errors' },
  {
    code: 4,
    reason: 'StoreRefused',
    retryable: false,
    meaning: 'object storage refused the credentials, or the bucket is not there',
  },
  { code: 5, reason: 'ArchiveDamaged', retryable: false, meaning: 'the archive is damaged or not sealed with this key' },
  { code: 6, reason: 'ReadFailed', retryable: true, meaning: 'the source volume cannot be read' },
  { code: 7, reason: 'WriteFailed', retryable: true, meaning: 'the destination volume cannot be written' },
  { code: 8, reason: 'NoSpace', retryable: false, meaning: 'the destination volume is too small' },
  { code: 9, reason: 'Stalled', retryable: true, meaning: 'no new data arrived for too long' },
  { code: 10, reason: 'OtherWriter', retryable: true, meaning: 'another mover is writing the same archive' },
  {
    code: 11,
    reason: 'BaseMissing',
    retryable: false,
    meaning: 'the archive holds only changes, and what they are based on is not there',
  },
  { code: 130, reason: 'Cancelled', retryable: true, meaning: 'the mover was asked to stop' },
  { code: 137, reason: 'Killed', retryable: true, meaning: 'the mover was killed (out of memory, eviction or node loss)' },
] as const satisfies MoverExit[];
export type MoverExitReason = (typeof MOVER_EXITS)[number]['reason'];

/** Warning lines of one reason that a mover prints at most; further ones are only counted (`MoverResult.warnings`). */
export const MOVER_WARNING_LINES = 100;

/** @returns what an exit code means; an unknown one is a retryable failure. */
export function explainExit(code: number): MoverExit {
  return MOVER_EXITS.find((exit) => exit.code === code) ?? { ...MOVER_EXITS[1], code };
}
