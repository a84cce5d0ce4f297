/** To begin with: enough to keep a small API server busy. */
const FIRST = 16;
const LEAST = 2;
/** Answers to what was sent before we slowed down come in for a while: together they count as one sign. */
const ONE_SIGN_MS = 1_000;

/** As many requests as one client may have in flight to an API server that never says that it is busy. */
export const MOST_IN_FLIGHT = 64;

/**
 * How many requests an API server may have from us at once, as it tells itself: one more after each round of answers, half as many
 * when it says that it is busy (additive increase, multiplicative decrease, as TCP does). No rate is fixed anywhere.
 */
export class AdaptiveLimit {
  private limit = FIRST;
  private answered = 0;
  private slowedAt = Number.NEGATIVE_INFINITY;

  get value(): number {
    return this.limit;
  }

  /** The server has done what it was asked. */
  onAnswer(): void {
    this.answered += 1;
    if (this.answered < this.limit) return;
    this.answered = 0;
    this.limit = Math.min(MOST_IN_FLIGHT, this.limit + 1);
  }

  /** @param now in milliseconds, of a clock that never goes back */
  onBusy(now: number): void {
    if (now - this.slowedAt < ONE_SIGN_MS) return;
    this.slowedAt = now;
    this.answered = 0;
    this.limit = Math.max(LEAST, Math.floor(this.limit / 2));
  }
}
