import { setTimeout as sleep } from 'node:timers/promises';
import { streamOrderKey } from '@godwit/contracts/archive-layout';
import { type MoverConfig, StreamOrder } from '@godwit/contracts/mover-protocol';
import { openBlob } from '@godwit/volume-archive/seal';
import type { StreamTarget } from '@godwit/volume-archive/stream-target';

const EVERY_MS = 2_000;

/** Streams that the mover may be using, and the number of the order that it follows. */
export interface StreamUse {
  streams: number;
  streamOrder: number;
}

type ReadObject = (key: string, options: { signal: AbortSignal }) => Promise<Uint8Array>;

/** Looks into the archive for how many streams to use: a mover has no other way to be told anything. */
export class StreamOrderFollower {
  readonly #target: StreamTarget;
  readonly #key: string;
  readonly #runKey: Buffer;
  #order: number;

  constructor(config: Pick<MoverConfig, 'action' | 'archive' | 'streamOrder'>, target: StreamTarget) {
    this.#target = target;
    this.#order = config.streamOrder;
    this.#key = streamOrderKey(config.archive.prefix, config.action);
    this.#runKey = Buffer.from(config.archive.key, 'base64');
  }

  /** What the target was told counts as used: it may take it at any time. */
  get use(): StreamUse {
    return { streams: Math.max(this.#target.value, this.#target.inUse), streamOrder: this.#order };
  }

  /**
   * Follows until the signal is aborted; never fails.
   *
   * @param get reads an object of the archive
   */
  async follow(get: ReadObject, signal: AbortSignal, everyMs = EVERY_MS): Promise<void> {
    while (!signal.aborted) {
      await this.#look(get, signal).catch(() => {}); // no order yet, or not to be read now: it is looked for again
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  async #look(get: ReadObject, signal: AbortSignal): Promise<void> {
    const sealed = await get(this.#key, { signal });
    const { order, streams } = StreamOrder.parse(JSON.parse(openBlob(this.#runKey, this.#key, sealed).toString()));
    if (order <= this.#order) return;
    this.#order = order;
    this.#target.set(streams);
  }
}
