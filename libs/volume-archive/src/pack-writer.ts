import { PackBuilder, type RunningCounts } from './pack-builder.ts';
import type { EntryMeta } from './record.ts';

/** Where finished packs go. */
export interface PackSink {
  /** @returns a buffer of PACK_SIZE bytes for the next pack, as soon as one is free. */
  nextBuffer(): Promise<Buffer>;
  /** Takes a finished pack, whose bytes are a view of a buffer of its own, and the counts up to its end. */
  accept(plain: Buffer, counts: RunningCounts): Promise<void>;
}

/** Cuts the stream of records into packs. */
export class PackWriter {
  readonly counts: RunningCounts;
  readonly #sink: PackSink;
  #builder: PackBuilder | undefined;

  /** @param counts of the packs before, when a copy goes on */
  constructor(sink: PackSink, counts: RunningCounts) {
    this.#sink = sink;
    this.counts = { ...counts };
  }

  /** @returns a builder in which this entry's record with `dataLength` bytes fits; begins a new pack when it must. */
  async room(meta: EntryMeta, dataLength: number): Promise<PackBuilder> {
    if (this.#builder && this.#builder.roomFor(meta) < dataLength) await this.flush();
    this.#builder ??= new PackBuilder(await this.#sink.nextBuffer());
    return this.#builder;
  }

  async flush(): Promise<void> {
    const builder = this.#builder;
    this.#builder = undefined;
    if (builder && !builder.isEmpty) await this.#sink.accept(builder.finish(this.counts), { ...this.counts });
  }
}
