import type { Figures } from './native.ts';
import type { VolumeTask } from './volume-task.ts';

const INTERVAL_MS = 250;

interface Watched {
  figures(): Figures;
  takeWarnings(): { reason: string; path: string; message: string }[];
}

/** What is not known from the figures themselves. */
export interface KnownTotals {
  bytesTotal: number;
  filesTotal: number;
}

/**
 * Tells the task of how a reader or writer gets on, several times a second, and of its warnings.
 * @param totals what there is to do, once it is known for certain; before that the reader's own count counts
 * @returns `end` tells for the last time
 */
export function watchProgress(
  task: VolumeTask,
  watched: Watched,
  storedBytes: () => number,
  totals: () => KnownTotals | undefined = () => undefined,
): { end(): void } {
  const tell = () => {
    for (const warning of watched.takeWarnings()) task.onWarning?.(warning);
    const { bytes, files, expectedBytes, expectedFiles } = watched.figures();
    const counted = expectedFiles > 0 || expectedBytes > 0 ? { bytesTotal: expectedBytes, filesTotal: expectedFiles } : undefined;
    const known = totals() ?? counted;
    task.onProgress?.({
      bytesDone: bytes,
      filesDone: files,
      storedBytes: storedBytes(),
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
