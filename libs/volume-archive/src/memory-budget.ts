/** Bounds what is under way at once, in bytes or in pieces of work. Those who wait are served in their order; one that is larger than all gets all. */
export class MemoryBudget {
  readonly #size: number;
  #free: number;
  readonly #waiting: { bytes: number; served: () => void }[] = [];

  constructor(size: number) {
    this.#size = size;
    this.#free = size;
  }

  /** Waits until so much is free. @returns what gives them back */
  async take(bytes: number): Promise<() => void> {
    const wanted = Math.min(bytes, this.#size);
    await new Promise<void>((served) => {
      this.#waiting.push({ bytes: wanted, served });
      this.#serve();
    });
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#free += wanted;
      this.#serve();
    };
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next && next.bytes <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.bytes;
      next.served();
    }
  }
}
