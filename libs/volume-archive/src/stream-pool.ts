import type { PackTransfer } from '@godwit/contracts/pack-transfer';
import type { SealedPack } from './native.ts';
import type { StreamTarget } from './stream-target.ts';

export type SealedTransfer = PackTransfer<SealedPack>;

/**
 * The streams of one transfer: each carries one pack at a time on its own connection at its own rate. There are as many as the target
 * says; when it is lowered, surplus ones end with the pack they carry.
 */
export class StreamPool {
  readonly #target: StreamTarget;
  readonly #open: () => SealedTransfer;
  readonly #idle: SealedTransfer[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(target: StreamTarget, open: () => SealedTransfer) {
    this.#target = target;
    this.#open = open;
    target.listen(() => this.#serve());
  }

  /** Streams there are, busy or not. */
  get total(): number {
    return this.#target.value;
  }

  /** Streams that have nothing to carry. */
  get free(): number {
    return Math.max(0, this.#target.value - this.#busy);
  }

  /** Packs that wait for a stream. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Runs `carry` on the next free stream; those who wait are served in their order. */
  async run<T>(carry: (transfer: SealedTransfer) => Promise<T>): Promise<T> {
    await new Promise<void>((served) => {
      this.#waiting.push(served);
      this.#serve();
    });
    const transfer = this.#idle.pop() ?? this.#open();
    try {
      return await carry(transfer);
    } finally {
      if (this.#busy <= this.#target.value) this.#idle.push(transfer);
      this.#busy -= 1;
      this.#target.tellInUse(this.#busy);
      this.#serve();
    }
  }

  #serve(): void {
    while (this.#busy < this.#target.value) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#busy += 1;
      this.#target.tellInUse(this.#busy);
      next();
    }
  }
}
