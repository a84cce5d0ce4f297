import { setTimeout } from 'node:timers/promises';

/** Token bucket of one stream: transfers are spaced so that their average stays at the rate. */
export class Throttle {
  readonly #bytesPerMs: number;
  #freeAt = 0;

  /** @param bytesPerSecond none: no limit */
  constructor(bytesPerSecond: number | undefined) {
    this.#bytesPerMs = (bytesPerSecond ?? Number.POSITIVE_INFINITY) / 1000;
  }

  /** Waits until `bytes` more may be transferred; calls are served in their order. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    const now = performance.now();
    const start = Math.max(now, this.#freeAt);
    this.#freeAt = start + bytes / this.#bytesPerMs;
    if (start > now) await setTimeout(start - now, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}
