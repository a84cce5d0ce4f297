import { isObjectExists, otherWriter } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { MAX_PACKS, packKey } from './archive-keys.ts';
import { PACK_SIZE } from './pack-builder.ts';
import type { PackStore } from './pack-store.ts';
import type { PackSink } from './pack-writer.ts';
import { releaseMemory } from './release-memory.ts';
import { digestPlain, drawSalt, nextChain, sealPlain } from './seal.ts';
import { decodeHeader, HEADER_LENGTH } from './sealed-header.ts';
import type { Throttle } from './throttle.ts';

/** Packs that are sealed and sent at the same time; one more is being filled. This bounds the memory. */
const IN_FLIGHT = 3;

export interface UploaderStart {
  /** Number of the next pack, and chain value of those before it. */
  number: number;
  chain: Buffer;
  startedAt: number;
}

/** Seals packs and sends them, several at a time; their order is kept by number and chain. */
export class PackUploader implements PackSink {
  readonly #store: PackStore;
  readonly #identity: ArchiveIdentity;
  readonly #throttle: Throttle;
  readonly #signal: AbortSignal;
  readonly #onStored: (bytes: number) => void;
  readonly #salt = drawSalt();
  readonly #startedAt: number;
  readonly #freeBuffers: Buffer[] = [];
  readonly #sending = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;
  #number: number;
  #chain: Buffer;

  constructor(
    start: UploaderStart,
    io: {
      store: PackStore;
      identity: ArchiveIdentity;
      throttle: Throttle;
      signal: AbortSignal;
      onStored: (bytes: number) => void;
    },
  ) {
    this.#number = start.number;
    this.#chain = start.chain;
    this.#startedAt = start.startedAt;
    this.#store = io.store;
    this.#identity = io.identity;
    this.#throttle = io.throttle;
    this.#signal = io.signal;
    this.#onStored = io.onStored;
  }

  /** How many packs the archive has, with those of earlier attempts. */
  get packs(): number {
    return this.#number;
  }

  get chain(): Buffer {
    return this.#chain;
  }

  async nextBuffer(): Promise<Buffer> {
    while (this.#sending.size >= IN_FLIGHT) await Promise.race(this.#sending);
    this.#throwFailure();
    return this.#freeBuffers.pop() ?? Buffer.allocUnsafeSlow(PACK_SIZE);
  }

  async accept(plain: Buffer): Promise<void> {
    const number = this.#number;
    if (number > MAX_PACKS) throw new RangeError(`The volume needs more than ${MAX_PACKS} packs`);
    const digest = digestPlain(this.#identity.key, this.#identity.volumeId, plain);
    const chain = this.#chain;
    this.#number += 1;
    this.#chain = nextChain(chain, digest);
    const sending: Promise<void> = this.#send(plain, { number, digest, chain })
      .catch((error) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  /** Waits until everything is stored. @throws what went wrong with any pack */
  async finish(): Promise<void> {
    await Promise.all(this.#sending);
    this.#throwFailure();
  }

  /** Waits until nothing is under way any more, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #send(plain: Buffer, pack: { number: number; digest: Buffer; chain: Buffer }): Promise<void> {
    const { key, volumeId: name } = this.#identity;
    const request = { key, kind: 'pack' as const, name, startedAt: this.#startedAt, salt: this.#salt, ...pack };
    const sealed = await sealPlain(request, plain);
    this.#freeBuffers.push(Buffer.from(plain.buffer));
    await this.#throttle.take(sealed.length, this.#signal);
    await this.#putOnce(pack.number, sealed);
    this.#onStored(sealed.length);
    releaseMemory(sealed); // not after a failure: a request may still be reading it
  }

  /** A pack is never overwritten: a restore may have read it. One that is there already is ours from a request sent twice, or theirs. */
  async #putOnce(number: number, sealed: Buffer): Promise<void> {
    const key = packKey(this.#identity.prefix, number);
    try {
      await this.#store.put(key, sealed, { ifAbsent: true, signal: this.#signal });
    } catch (error) {
      if (!isObjectExists(error)) throw error;
      const there = await this.#store.get(key, { first: HEADER_LENGTH, signal: this.#signal });
      const header = decodeHeader(there, 'pack', `Pack ${number} of the archive`);
      if (!header.salt.equals(this.#salt)) {
        throw otherWriter(`Another mover wrote pack ${number} of this volume's archive meanwhile`);
      }
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
