import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the API that can be cut as if the service were stopped: connections end, and new ones are refused. */
export class LineToApi {
  private readonly open = new Set<Socket>();
  private readonly server = createServer((near) => {
    const far = connect(this.target);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
    }
  });
  private readonly target: { host: string; port: number };
  private port = 0;

  constructor(apiUrl: string) {
    const { hostname, port } = new URL(apiUrl);
    this.target = { host: hostname, port: Number(port) };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** At first, or again on the same port. */
  async start(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Nothing comes through any more by the connections that there are, and none of them ends. */
  hush(): void {
    for (const socket of this.open) socket.unpipe();
  }

  async cut(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.open) socket.destroy();
    await closed;
  }
}
