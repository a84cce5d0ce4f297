import type { MoverProgress, StreamOrder } from '@godwit/contracts/mover-protocol';
import type { StreamGrant } from '@godwit/pipeline/step-ledger';

/** A mover looks every two seconds. One that does not follow by then cannot read the order, or finds one of a worker that is gone. */
const AGAIN_AFTER_MS = 10_000;

export interface RelayFacts {
  grant: StreamGrant;
  /** What the mover said last. */
  said?: { streams: number; order: number } | undefined;
  /** The order that was written last, or that the mover began with. */
  written?: { order: number; at: number; failed: boolean } | undefined;
}

/** @returns what is to be done between Postgres, which knows how many streams a mover should use, and the mover, which uses them */
export function nextRelay({ grant, said, written }: RelayFacts, now: number): 'order' | 'confirm' | undefined {
  if (said?.order === grant.order) return Math.max(said.streams, grant.told) === grant.held ? undefined : 'confirm';
  if (written?.order !== grant.order) return 'order';
  // Before the mover says anything it only starts.
  return (said || written.failed) && now - written.at >= AGAIN_AFTER_MS ? 'order' : undefined;
}

export interface RelayEnds {
  /** Lays an order where the mover looks. */
  write(order: StreamOrder, signal: AbortSignal): Promise<void>;
  /** Notes in Postgres what the mover may be using under the order that it follows. */
  confirm(order: number, inUse: number): Promise<void>;
  onError(error: unknown): void;
}

/** Tells one mover how many streams to use, and Postgres what it does about it. */
export class StreamRelay {
  private facts: Partial<RelayFacts>;
  private busy: Promise<void> | undefined;
  private readonly stopped = new AbortController();

  /** @param beganWith number of the order that a mover which starts now has in its configuration; none if one may be running */
  constructor(
    private readonly ends: RelayEnds,
    beganWith: number | undefined,
  ) {
    this.facts = beganWith === undefined ? {} : { written: { order: beganWith, at: Date.now(), failed: false } };
  }

  /** To be called about once a second. */
  onGrant(grant: StreamGrant): void {
    this.facts.grant = grant;
    this.carryOn();
  }

  onProgress({ streams, streamOrder }: MoverProgress): void {
    if (streams === undefined || streamOrder === undefined) return;
    this.facts.said = { streams, order: streamOrder };
    this.carryOn();
  }

  /** Nothing is written after it. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.busy;
  }

  private carryOn(): void {
    if (this.busy || this.stopped.signal.aborted || !this.facts.grant) return;
    const { grant, said } = this.facts;
    const next = nextRelay({ ...this.facts, grant }, Date.now());
    if (!next) return;
    this.busy = (next === 'order' ? this.order(grant) : this.confirm(grant, said!.streams)).finally(() => {
      this.busy = undefined;
    });
  }

  private async order({ told, order }: StreamGrant): Promise<void> {
    this.facts.written = { order, at: Date.now(), failed: false };
    try {
      await this.ends.write({ order, streams: told }, this.stopped.signal);
    } catch (error) {
      this.facts.written.failed = true;
      if (!this.stopped.signal.aborted) this.ends.onError(error);
    }
  }

  private async confirm({ told, order }: StreamGrant, inUse: number): Promise<void> {
    try {
      await this.ends.confirm(order, inUse);
      // Until the next renewal tells it; unless one did meanwhile.
      if (this.facts.grant?.order === order) this.facts.grant = { told, order, held: Math.max(told, inUse) };
    } catch (error) {
      this.ends.onError(error);
    }
  }
}
