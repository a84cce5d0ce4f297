/**
 * Levels of zstd, from quick to thorough. When packs wait for the network there is processor time to make them smaller; when streams
 * wait for packs, compressing is what holds them up.
 */
const LEVELS = [-3, -1, 1, 2, 3, 4] as const;
const FIRST = LEVELS.indexOf(1);
/** Packs in a row that must agree before the level changes: one that waits says little. */
const IN_A_ROW = 3;

/** Chooses the level of the next pack by what became of those before. */
export class CompressionLevel {
  #index = FIRST;
  #trend = 0;

  /**
   * @param waiting packs that are sealed and wait for a stream
   * @param free streams that have nothing to carry
   */
  next({ waiting, free }: { waiting: number; free: number }): number {
    const direction = waiting > 0 ? 1 : free > 0 ? -1 : 0;
    this.#trend = direction === 0 || Math.sign(this.#trend) === -direction ? direction : this.#trend + direction;
    if (Math.abs(this.#trend) >= IN_A_ROW) {
      this.#index = Math.min(LEVELS.length - 1, Math.max(0, this.#index + direction));
      this.#trend = 0;
    }
    return LEVELS[this.#index] ?? 1;
  }
}
