import type { PackSender, PackTransfer, SenderOptions } from '@godwit/contracts/pack-transfer';

/**
 * What the engine needs of object storage. `ObjectStore` of @godwit/object-store is one; the engine knows only this.
 *
 * A missing object is thrown as a GodwitError with reason `ObjectNotFound`, a key that is taken (`ifAbsent`) as one with reason
 * `ObjectExists`. Reads after writes and lists after writes are consistent, as S3 has promised since 2020.
 */
export interface PackStore {
  /** Packs are sent by the engine itself, by requests that the store signs. A store without this is one for small tests. */
  transfer?<Pack>(makeSender: (options: SenderOptions) => PackSender<Pack>): PackTransfer<Pack>;
  put(key: string, body: Uint8Array, options?: { ifAbsent?: boolean; signal?: AbortSignal }): Promise<void>;
  /**
   * @param options.first only so many bytes from the start
   * @returns a buffer that is the caller's own: it is opened in place
   */
  get(key: string, options?: { first?: number; signal?: AbortSignal }): Promise<Buffer>;
  /** In byte order of the keys. */
  list(prefix: string, options?: { startAfter?: string; signal?: AbortSignal }): AsyncIterable<{ key: string; size: number }>;
  delete(keys: readonly string[], options?: { signal?: AbortSignal }): Promise<void>;
}
