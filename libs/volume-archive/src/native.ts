import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isNativeError } from 'node:util/types';
import { TransferFailure } from '@godwit/contracts/pack-transfer';
import { failureOf } from './archive-errors.ts';

/**
 * The native core (native/, Rust): what touches every byte of a volume. Nothing outside of this library knows of it. Its types are
 * written by hand, for they are few; native/src/api is what they mirror.
 */
export interface NativeCore {
  NativeReader: new (options: ReadOptions, last?: PlainPack) => NativeReader;
  NativeWriter: new (options: WriteOptions) => NativeWriter;
  NativeSender: new (options: SenderSettings) => NativeSender;
  SealedPack: { fromBytes(bytes: Buffer): SealedPack };
  sealPack(pack: PlainPack, header: Buffer, sealingKey: Buffer, level: number): Promise<SealedPack>;
  openPack(sealed: SealedPack, sealingKey: Buffer, digestKey: Buffer, mostPlain: number, what: string): Promise<PlainPack>;
  openIndex(start: Buffer, sealingKey: Buffer, what: string): Promise<IndexSection>;
  raiseFileLimit(): void;
}

export interface ArchiveCounts {
  entries: number;
  files: number;
  bytes: number;
  warnings: number;
}

/** The plain body of a pack, with its index. Its bytes stay in the core, which keeps them until they are released. */
export interface PlainPack {
  release(): void;
  readonly digest: Buffer;
  readonly counts: ArchiveCounts;
  readonly length: number;
  entries(wanted?: Buffer): ListedEntry[];
}

export interface ListedEntry {
  kind: number;
  flags: number;
  path: Buffer;
  mode: number;
  uid: number;
  gid: number;
  mtimeSeconds: number;
  size: number;
  offset: number;
  major: number;
  minor: number;
  /** Of the path that was asked for, and of links. */
  data?: Buffer;
}

/** A pack as it travels and lies in object storage. Its bytes stay in the core until they are released, or opened. */
export interface SealedPack {
  release(): void;
  readonly length: number;
  /** How many of its bytes the request that sends it has handed out. */
  readonly sent: number;
  /** Its first bytes, clear. */
  readonly header: Buffer;
  /** CRC-32C of all its bytes, big endian. */
  checksum(): Buffer;
  toBytes(): Buffer;
}

/** Rows of an index; they stay in the core. */
export interface IndexSection {
  /** Paths of the files in it that ended before their length. */
  readonly cutShort: Buffer[];
}

export interface Figures {
  bytes: number;
  files: number;
  /** Of these, what a reader put into packs. */
  packedBytes: number;
  packedFiles: number;
  expectedBytes: number;
  expectedFiles: number;
  warnings: number;
}

interface Watched {
  figures(): Figures;
  takeWarnings(): { reason: string; path: string; message: string }[];
  stop(): void;
}

export interface ReadOptions {
  root: Buffer;
  isImage: boolean;
  packSize: number;
  digestKey: Buffer;
  indexKey: Buffer;
  keepIndex: boolean;
  /** Seconds since 1970. */
  startedAt: number;
  base?: { digest: Buffer; startedAt: number; cutShort: readonly Buffer[] };
}

export interface NativeReader extends Watched {
  next(): Promise<PlainPack | null>;
  /** @returns false when the reader has ended and wants no more; how, `next` tells. */
  pushBase(section: IndexSection): Promise<boolean>;
  endBase(): Promise<boolean>;
}

export interface WriteOptions {
  /** None: all is read and checked, nothing written. */
  root?: Buffer;
  isImage: boolean;
  /** Without a root: the archive says that it keeps an index, which is checked as well. */
  isIndexed?: boolean;
  holds?: Buffer;
}

export interface NativeWriter extends Watched {
  apply(pack: PlainPack): Promise<void>;
  finish(told: ArchiveCounts): Promise<void>;
  counts(): ArchiveCounts;
}

export interface SenderSettings {
  caPem: string;
  connectTimeoutMs: number;
  idleTimeoutMs: number;
  bytesPerSecond?: number;
}

export interface NativeAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export interface NativeSender {
  put(url: string, headers: Record<string, string>, pack: SealedPack): Promise<NativeAnswer>;
  get(url: string, headers: Record<string, string>): Promise<{ takeAnswer(): NativeAnswer; takePack(): SealedPack | null }>;
  abort(): void;
}

const FILE = 'godwit-native.node';
let loaded: NativeCore | undefined;

/** @throws Error that says how to build the core, when it is not there */
export function nativeCore(): NativeCore {
  if (loaded) return loaded;
  // Beside the mover's bundle; in the source tree it is the same for src and dist.
  const places = [new URL(`./${FILE}`, import.meta.url), new URL(`../native/${FILE}`, import.meta.url)].map((url) =>
    fileURLToPath(url),
  );
  const path = process.env.GODWIT_NATIVE ?? places.find((place) => existsSync(place));
  if (!path) {
    throw new Error(
      `The native core of the volume archive is not built (looked for ${places.join(', ')}). Build it: npm run build`,
    );
  }
  loaded = createRequire(import.meta.url)(path) as NativeCore;
  loaded.raiseFileLimit();
  return loaded;
}

/** Runs a call of the core; what it throws becomes one of our errors. */
export async function asked<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translate(error);
  }
}

/** The core's errors begin with a reason, or with `TransferFailure` and a code. */
function translate(error: unknown): unknown {
  const message = isNativeError(error) ? error.message : String(error);
  const [, transferCode, transferText] = /^TransferFailure (\w+): (.*)$/s.exec(message) ?? [];
  if (transferCode) return new TransferFailure(transferCode, transferText ?? '');
  const [, reason, text] = /^(\w+): (.*)$/s.exec(message) ?? [];
  return (reason && failureOf(reason, text ?? '')) || error;
}
