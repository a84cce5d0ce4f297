import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RetryableError } from '@godwit/contracts/errors';
import type { PackSender, PackTransfer, SenderOptions } from '@godwit/contracts/pack-transfer';
import type { PackStore } from '../pack-store.ts';
import { DirectoryStore } from './directory-store.ts';

/** A directory of objects behind a real HTTP server, so that packs travel as they do to object storage. */
export class HttpStore extends DirectoryStore implements PackStore, AsyncDisposable {
  readonly #server: Server;
  /** Answers instead of the store, when it returns true. */
  fault: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Requests wait for it. */
  gate: Promise<void> = Promise.resolve();
  /** Packs that are under way at this moment, and the most that ever were. */
  inFlight = { now: 0, most: 0 };

  constructor(directory: string) {
    super(directory);
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.listen(0, '127.0.0.1');
  }

  transfer<Pack>(makeSender: (options: SenderOptions) => PackSender<Pack>): PackTransfer<Pack> {
    const sender = makeSender({ caBundle: undefined, connectTimeoutMs: 20_000, idleTimeoutMs: 20_000 });
    const url = (key: string) => `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${key}`;
    return {
      put: async (key, pack, _length, crc32c, signal) => {
        const headers = { 'x-crc32c': crc32c };
        const { status } = await sender.put({ method: 'PUT', url: url(key), headers }, pack, signal);
        if (status === 412) await this.put(key, Buffer.alloc(0), { ifAbsent: true }); // throws what a store throws
        if (status !== 200) throw new RetryableError('StoreUnreachable', `The store answered ${status}`);
      },
      get: async (key, signal) => {
        const { status, pack } = await sender.get({ method: 'GET', url: url(key), headers: {} }, signal);
        if (status === 404) await this.get(key);
        if (!pack) throw new RetryableError('StoreUnreachable', `The store answered ${status}`);
        return pack;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.fault?.(request, response)) return;
    this.inFlight.now += 1;
    this.inFlight.most = Math.max(this.inFlight.most, this.inFlight.now);
    try {
      await this.gate;
      const key = decodeURIComponent((request.url ?? '').slice(1));
      if (request.method === 'PUT') {
        await this.put(key, Buffer.concat(await Array.fromAsync(request)), { ifAbsent: true });
        response.end();
      } else response.end(await this.get(key));
    } catch {
      response.writeHead(request.method === 'PUT' ? 412 : 404).end();
    } finally {
      this.inFlight.now -= 1;
    }
  }
}
