/**
 * Shorter than the sweeper waits for a bell to be heard, so that it never keeps the sweeper from ringing again.
 */
const FRESH_MS = 2_000;
const MANY = 10_000;

/**
 * Bells that were rung just now. A run of thousands of volumes is advanced each time that one of them ends, and all that
 * still wait would be rung each time.
 */
export class RecentRings {
  private readonly rungAt = new Map<string, number>();

  /** @returns whether the bell is to be rung; it counts as rung then */
  isDue(bell: string, now = Date.now()): boolean {
    const rungAt = this.rungAt.get(bell);
    if (rungAt !== undefined && now - rungAt < FRESH_MS) return false;
    if (this.rungAt.size >= MANY) this.forget(now);
    this.rungAt.set(bell, now);
    return true;
  }

  private forget(now: number): void {
    for (const [bell, rungAt] of this.rungAt) if (now - rungAt >= FRESH_MS) this.rungAt.delete(bell);
  }
}
