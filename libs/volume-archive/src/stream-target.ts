/** How many streams a transfer should use. It may be told otherwise while it runs; surplus streams end with the pack they are at. */
export class StreamTarget {
  #value: number;
  #inUse = 0;
  #changed: () => void = () => {};

  constructor(value: number) {
    this.#value = value;
  }

  get value(): number {
    return this.#value;
  }

  /** Streams that run at this moment; more than `value` for a while after it was lowered. */
  get inUse(): number {
    return this.#inUse;
  }

  /** @param value at least 1 */
  set(value: number): void {
    if (value === this.#value) return;
    this.#value = value;
    this.#changed();
  }

  /** For the transfer itself: `changed` is called after each `set`. */
  listen(changed: () => void): void {
    this.#changed = changed;
  }

  /** For the transfer itself. */
  tellInUse(inUse: number): void {
    this.#inUse = inUse;
  }
}
