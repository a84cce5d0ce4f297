import { availableParallelism } from 'node:os';
import { isObjectExists, otherWriter } from './archive-errors.ts';
import type { ArchiveIdentity } from './archive-identity.ts';
import { MAX_PACKS, packKey } from './archive-keys.ts';
import { CompressionLevel } from './compression-level.ts';
import { MemoryBudget } from './memory-budget.ts';
import { type ArchiveCounts, asked, nativeCore, type PlainPack, type SealedPack } from './native.ts';
import { PACK_SIZE, packName } from './open-pack.ts';
import type { PackStore } from './pack-store.ts';
import { drawSalt, nextChain, sealingKey } from './seal.ts';
import { bindingOf, decodeHeader, encodeHeader, HEADER_LENGTH } from './sealed-header.ts';
import type { SealedTransfer, StreamPool } from './stream-pool.ts';
import type { Sent } from './watch-progress.ts';

/** Sealed packs that lie in memory at once, bytes; streams beyond what these fill wait. Many streams come with small packs. */
const MOST_SEALED = { large: 32 * 1024 * 1024, small: 44 * 1024 * 1024 };
/** Packs that are being sealed: each takes its plain and its sealed bytes. */
const MOST_SEALING = Math.min(4, availableParallelism());

export interface UploaderStart {
  /** Number of the next pack, and chain value of those before it. */
  number: number;
  chain: Buffer;
  /** Of what is in the packs before it. */
  counts: ArchiveCounts;
  /** When the copy began, milliseconds since 1970. */
  startedAt: number;
}

/** A pack that was accepted and is not stored yet. */
interface Underway {
  bytes: number;
  files: number;
  sealed?: { pack: SealedPack; length: number } | undefined;
}

/** Seals packs and sends them, several at a time; their order is kept by number and chain. */
export class PackUploader {
  readonly #io: { store: PackStore; identity: ArchiveIdentity; streams: StreamPool; base: Buffer; signal: AbortSignal };
  readonly #onStored: (bytes: number) => void;
  readonly #salt = drawSalt();
  readonly #sealingKey: Buffer;
  readonly #startedAt: number;
  readonly #level = new CompressionLevel();
  readonly #sealing = new MemoryBudget(MOST_SEALING);
  readonly #sealed: MemoryBudget;
  readonly #sending = new Set<Promise<void>>();
  readonly #underway = new Set<Underway>();
  /** Of all packs that were accepted. */
  #counts: ArchiveCounts;
  #failure: { error: unknown } | undefined;
  /** Settles when the pack that was accepted last waits for a stream. */
  #queued: Promise<void> = Promise.resolve();
  #number: number;
  #chain: Buffer;

  constructor(
    start: UploaderStart,
    io: {
      store: PackStore;
      identity: ArchiveIdentity;
      streams: StreamPool;
      packSize: number;
      base: Buffer;
      signal: AbortSignal;
    },
    onStored: (bytes: number) => void,
  ) {
    this.#number = start.number;
    this.#chain = start.chain;
    this.#counts = start.counts;
    this.#startedAt = start.startedAt;
    this.#io = io;
    this.#sealed = new MemoryBudget(io.packSize < PACK_SIZE ? MOST_SEALED.small : MOST_SEALED.large);
    this.#sealingKey = sealingKey(io.identity.key, io.identity.volumeId, this.#salt);
    this.#onStored = onStored;
  }

  /** How many packs the archive has, with those of earlier attempts. */
  get packs(): number {
    return this.#number;
  }

  get chain(): Buffer {
    return this.#chain;
  }

  /** What is stored, with what earlier attempts stored. Of a pack that is on its way the bytes that went out count. */
  sent(): Sent {
    const sent = { bytes: this.#counts.bytes, files: this.#counts.files };
    for (const { bytes, files, sealed } of this.#underway) {
      sent.bytes -= Math.round(bytes * (sealed ? 1 - sealed.pack.sent / sealed.length : 1));
      sent.files -= files;
    }
    return sent;
  }

  /** Takes the next pack; settles when there is room for another. @throws what went wrong with any pack */
  async accept(plain: PlainPack): Promise<void> {
    const number = this.#number;
    if (number > MAX_PACKS) throw new RangeError(`The volume needs more than ${MAX_PACKS} packs`);
    const { digest, counts } = plain;
    const underway = { bytes: counts.bytes - this.#counts.bytes, files: counts.files - this.#counts.files };
    this.#underway.add(underway);
    this.#counts = counts;
    const chain = this.#chain;
    this.#number += 1;
    this.#chain = nextChain(chain, digest);
    const endSealing = await this.#sealing.take(1);
    this.#throwFailure();
    const before = this.#queued;
    const queued = Promise.withResolvers<void>();
    this.#queued = queued.promise;
    const turn = { before, end: queued.resolve };
    const sending: Promise<void> = this.#send(plain, { number, digest, chain }, underway, turn, endSealing)
      .catch((error) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        turn.end();
        endSealing();
        this.#sending.delete(sending);
      });
    this.#sending.add(sending);
  }

  /** Waits until everything is stored. @throws what went wrong with any pack */
  async finish(): Promise<void> {
    await this.settle();
    this.#throwFailure();
  }

  /** Waits until nothing is under way any more, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #send(
    plain: PlainPack,
    pack: { number: number; digest: Buffer; chain: Buffer },
    underway: Underway,
    turn: { before: Promise<void>; end: () => void },
    endSealing: () => void,
  ): Promise<void> {
    const { identity, streams, base } = this.#io;
    const header = encodeHeader({
      ...pack,
      kind: 'pack',
      startedAt: this.#startedAt,
      binding: bindingOf(identity.volumeId),
      salt: this.#salt,
      base,
      // The core knows the lengths when it has compressed.
      plainLength: 0,
      bodyLength: 0,
      indexLength: 0,
    });
    const sealed = await asked(() => nativeCore().sealPack(plain, header, this.#sealingKey, this.#level.next(streams)));
    plain.release();
    const { length } = sealed;
    underway.sealed = { pack: sealed, length };
    // Some are sealed sooner than those before them; sent first, they would lie behind a gap if the copy were stopped now.
    await turn.before;
    const giveBack = await this.#sealed.take(length);
    endSealing();
    try {
      const sent = streams.run((transfer) => this.#putOnce(transfer, pack.number, sealed, length));
      turn.end();
      await sent;
    } finally {
      underway.sealed = undefined;
      sealed.release();
      giveBack();
    }
    this.#underway.delete(underway);
    this.#onStored(length);
  }

  /** A pack is never overwritten: a restore may have read it. One that is there already is ours from a request sent twice, or theirs. */
  async #putOnce(transfer: SealedTransfer, number: number, sealed: SealedPack, length: number): Promise<void> {
    const { store, identity, signal } = this.#io;
    const key = packKey(identity.prefix, number);
    if (this.#failure) return;
    try {
      await transfer.put(key, sealed, length, sealed.checksum().toString('base64'), signal);
    } catch (error) {
      if (!isObjectExists(error)) throw error;
      const there = await store.get(key, { first: HEADER_LENGTH, signal });
      const header = decodeHeader(there, 'pack', packName(number));
      if (!header.salt.equals(this.#salt)) {
        throw otherWriter(`Another mover wrote pack ${number} of this volume's archive meanwhile`);
      }
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
