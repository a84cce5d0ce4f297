import { setImmediate } from 'node:timers/promises';

const LONGEST_MS = 10;

/** File calls are synchronous, for speed; between them this lets signals, timers and the network have their turn. */
export class Breath {
  #last = performance.now();
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Call it for every entry and every piece of data. @throws the signal's reason once it is aborted. */
  async take(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (performance.now() - this.#last < LONGEST_MS) return;
    await setImmediate();
    this.#last = performance.now();
    this.#signal?.throwIfAborted();
  }
}
