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

/** Content of packs that went out. */
export interface Sent {
  bytes: number;
  files: number;
}

/** What is not known from the figures themselves. */
export interface Beside {
  storedBytes(): number;
  /** What is done of what a reader put into packs; the rest waits in memory. */
  sent?(): Sent;
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
    const { bytes, files, packedBytes, packedFiles, expectedBytes, expectedFiles } = watched.figures();
    const counted = expectedFiles > 0 || expectedBytes > 0 ? { bytesTotal: expectedBytes, filesTotal: expectedFiles } : undefined;
    const known = beside.totals?.() ?? counted;
    const sent = beside.sent?.() ?? { bytes: packedBytes, files: packedFiles };
    task.onProgress?.({
      bytesDone: Math.max(0, bytes - (packedBytes - sent.bytes)),
      filesDone: Math.max(0, files - (packedFiles - sent.files)),
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
