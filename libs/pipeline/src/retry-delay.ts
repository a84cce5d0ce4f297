const FIRST_MS = 1_000;
const MOST_MS = 60_000;

/** Milliseconds to wait after so many failures: 1 s, doubling, a minute at most. */
export function retryDelayMs(failures: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}
