/**
 * How sealed packs travel between the engine and object storage. The adapter of the store knows addresses, signatures, retries and
 * what an answer means; the engine sends, because its native core does so without copying the bytes through Node. Both sides
 * meet here.
 */

/** An HTTP request that is complete but for its body: signed, and valid for some minutes. Holds a signature: never logged. */
export interface SignedRequest {
  method: 'GET' | 'PUT';
  url: string;
  headers: Record<string, string>;
}

/** What a server answered. */
export interface TransferAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Start of the body of an answer that is no success, for its error code; else empty. */
  text: string;
}

/**
 * Sends requests, each once: no retry, no redirect.
 * @throws TransferFailure when no whole answer came; the signal's reason when it was aborted
 */
export interface PackSender<Pack> {
  put(request: SignedRequest, pack: Pack, signal: AbortSignal): Promise<TransferAnswer>;
  /** The pack is there when the status is 200 or 206. */
  get(request: SignedRequest, signal: AbortSignal): Promise<TransferAnswer & { pack?: Pack }>;
}

/** No whole answer came. The message is that of the socket, TLS or HTTP library and holds no secret. */
export class TransferFailure extends Error {
  override readonly name = 'TransferFailure';
  constructor(
    /** `ECONNREFUSED`, `ENOTFOUND`, `CERT_UNTRUSTED`, `TIMEOUT` (no connection, or no byte for too long), `INCOMPLETE`, `PROTOCOL`, `OTHER`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What a sender has to know of the store before it connects. */
export interface SenderOptions {
  /** Authorities to trust, PEM, one or several; undefined: those of Node. */
  caBundle: string | undefined;
  connectTimeoutMs: number;
  /** No byte in either direction for so long ends a request with `TIMEOUT`. */
  idleTimeoutMs: number;
}

/** Packs towards and from one store, by one sender: signed, sent, answered, and sent again where that may help. */
export interface PackTransfer<Pack> {
  /**
   * Never overwrites.
   * @param crc32c base64, of the whole object: the server checks what arrived
   * @throws GodwitError `ObjectExists`, or why it could not be stored
   */
  put(key: string, pack: Pack, length: number, crc32c: string, signal: AbortSignal): Promise<void>;
  /** @throws GodwitError `ObjectNotFound`, or why it could not be read */
  get(key: string, signal: AbortSignal): Promise<Pack>;
}
