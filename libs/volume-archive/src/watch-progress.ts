import type { Figures } from './native.ts';
import type { VolumeTask } from './volume-task.ts';

const INTERVAL_MS = 250;

interface Watched {
  figures(): Figures;
  takeWarnings(): { reason: string; path: string; message: string }[];
}

export interface KnownTotals {
  bytesTotal: number;
  filesTotal: number;
}

/** What was read and is not done yet, as it waits in memory or is on its way. */
export interface Pending {
  bytes: number;
  files: number;
}

/** What is not known from the figures themselves. */
export interface Beside {
  storedBytes(): number;
  /** What the figures count as done and is not. */
  pending?(): Pending;
  /** What there is to do, once it is known for certain; before that the reader's own count counts. */
  totals?(): KnownTotals | undefined;
}

/**
 * Tells the task of how a reader or writer gets on, several times a second, and of its warnings.
 * @returns `end` tells for the last time
 */
export function watchProgress(task: VolumeTask, watched: Watched, beside: Beside): { end(): void } {
  const tell = () => {
    for (const warning of watched.takeWarnings()) task.onWarning?.(warning);
    const { bytes, files, expectedBytes, expectedFiles } = watched.figures();
    const counted = expectedFiles > 0 || expectedBytes > 0 ? { bytesTotal: expectedBytes, filesTotal: expectedFiles } : undefined;
    const known = beside.totals?.() ?? counted;
    const pending = beside.pending?.() ?? { bytes: 0, files: 0 };
    task.onProgress?.({
      bytesDone: Math.max(0, bytes - pending.bytes),
      filesDone: Math.max(0, files - pending.files),
      storedBytes: beside.storedBytes(),
      // A count is a guess: it is never behind what is done.
      ...(known && { bytesTotal: Math.max(known.bytesTotal, bytes), filesTotal: Math.max(known.filesTotal, files) }),
    });
  };
  const timer = setInterval(tell, INTERVAL_MS);
  return {
    end: () => {
      clearInterval(timer);
      tell();
    },
  };
}
