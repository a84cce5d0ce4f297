import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Passes connections on to a server and counts what moves on them. It buffers little: its end of a slow reader is slow too. */
export class CountingProxy {
  /** Connections that were opened so far. */
  connections = 0;
  /** Bytes that came from the server. */
  fromServer = 0;
  /** Bytes that came from clients. */
  fromClients = 0;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(upstream: URL) {
    this.#server = createServer((client) => {
      this.connections += 1;
      const server = connect(Number(upstream.port), upstream.hostname);
      client.on('data', ({ length }) => {
        this.fromClients += length;
      });
      server.on('data', ({ length }) => {
        this.fromServer += length;
      });
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#open.add(socket);
        socket.pipe(other);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#open.delete(socket);
          other.destroy();
        });
      }
    });
  }

  static async start(upstream: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(upstream));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }
}
