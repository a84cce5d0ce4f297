import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import {
  type PackSender,
  type SenderOptions,
  type SignedRequest,
  type TransferAnswer,
  TransferFailure,
} from '@godwit/contracts/pack-transfer';
import { transferFailureOf } from './transfer-failure-of.ts';

/** Start of an answer's body that is read for its error code. Bytes. */
const MAX_ERROR_TEXT = 16_384;

/**
 * The reference for senders: packs are buffers, connections are Node's. Slower than one that leaves the bytes outside of Node,
 * and short enough to be read whole.
 */
export class BufferSender implements PackSender<Buffer> {
  readonly #options: SenderOptions;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https: HttpsAgent;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#https = new HttpsAgent({ keepAlive: true, ca: options.caBundle });
  }

  async put(request: SignedRequest, pack: Buffer, signal: AbortSignal): Promise<TransferAnswer> {
    const { status, headers, body } = await this.#send(request, pack, signal);
    return { status, headers, text: errorText(status, body) };
  }

  async get(request: SignedRequest, signal: AbortSignal): Promise<TransferAnswer & { pack?: Buffer }> {
    const { status, headers, body } = await this.#send(request, undefined, signal);
    const isWhole = status === 200 || status === 206;
    return { status, headers, text: errorText(status, body), ...(isWhole ? { pack: body } : {}) };
  }

  /** Closes idle connections. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async #send({ method, url, headers }: SignedRequest, body: Buffer | undefined, signal: AbortSignal) {
    signal.throwIfAborted();
    const isTls = url.startsWith('https:');
    try {
      return await new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((resolve, reject) => {
        const request = (isTls ? httpsRequest : httpRequest)(url, {
          method,
          headers,
          agent: isTls ? this.#https : this.#http,
          timeout: this.#options.idleTimeoutMs,
          signal,
        });
        const giveUp = (why: string) => request.destroy(new TransferFailure('TIMEOUT', why));
        request.once('timeout', () => giveUp(`no byte for ${this.#options.idleTimeoutMs} ms`));
        request.once('socket', (socket) => this.#limitConnecting(socket, isTls, giveUp));
        request.once('error', reject);
        request.once('response', (response) => {
          readWhole(response).then(
            (whole) => resolve({ status: response.statusCode ?? 0, headers: plainHeaders(response), body: whole }),
            reject,
          );
        });
        request.end(body);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw transferFailureOf(error);
    }
  }

  #limitConnecting(socket: Socket, isTls: boolean, giveUp: (why: string) => void): void {
    if (!socket.connecting) return;
    const { connectTimeoutMs } = this.#options;
    const timer = setTimeout(() => giveUp(`no connection after ${connectTimeoutMs} ms`), connectTimeoutMs);
    for (const event of [isTls ? 'secureConnect' : 'connect', 'close']) socket.once(event, () => clearTimeout(timer));
  }
}

async function readWhole(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const announced = response.headers['content-length'];
  const body = Buffer.concat(chunks);
  if (announced !== undefined && Number(announced) !== body.length)
    throw new TransferFailure('INCOMPLETE', `${body.length} of ${announced} bytes arrived`);
  return body;
}

function errorText(status: number, body: Buffer): string {
  return status >= 200 && status < 300 ? '' : body.toString('utf8', 0, MAX_ERROR_TEXT);
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
