import { AdaptiveLimit } from './adaptive-limit.ts';

/** Lets so many requests through to an API server as it bears; the others wait in line. */
export class RequestGate {
  private readonly limit = new AdaptiveLimit();
  private inFlight = 0;
  private readonly line = new Set<() => void>();

  /** How many requests may be in flight now. */
  get width(): number {
    return this.limit.value;
  }

  /**
   * Waits for a place; each must be given back by {@link leave}.
   * @throws the signal's reason
   */
  async enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.inFlight < this.limit.value) {
      this.inFlight += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        this.line.delete(goOn);
        reject(signal!.reason);
      };
      // The place is taken for whoever waits before it is called.
      const goOn = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.line.add(goOn);
    });
  }

  onAnswer(): void {
    this.limit.onAnswer();
  }

  /** The server has said that it is busy. */
  onBusy(): void {
    this.limit.onBusy(performance.now());
  }

  leave(): void {
    this.inFlight -= 1;
    for (const next of this.line) {
      if (this.inFlight >= this.limit.value) break;
      this.line.delete(next);
      this.inFlight += 1;
      next();
    }
  }
}
