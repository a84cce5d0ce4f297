import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of one request. */
export type Fault =
  /** Is passed on: the fault is for a later one. */
  | { kind: 'pass' }
  /** Is answered here, as S3 answers errors; with a status of 200, by `body`. */
  | { kind: 'answer'; status: number; code?: string; headers?: Record<string, string>; body?: string }
  /** Ends when it has been read, without an answer. */
  | { kind: 'reset' }
  /** Is never read, or never answered. */
  | { kind: 'stall' }
  /** Is done by the server, whose answer is lost. */
  | { kind: 'lose answer' }
  /** Is answered by the server, but for the end of the body: the connection is closed, or nothing more comes. */
  | { kind: 'cut body' | 'stall body' };

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
}

/** Stands before a real server and does to its requests, one after the other, what tests ask for; then passes all of them on. */
export class FaultProxy {
  /** All requests, in the order of their arrival. */
  readonly seen: SeenRequest[] = [];
  /** Answers conditional writes as a server that does not know them. */
  knowsConditions = true;
  readonly #upstream: URL;
  readonly #server: Server;
  #faults: Fault[] = [];

  private constructor(upstream: string) {
    this.#upstream = new URL(upstream);
    this.#server = createServer((incoming, response) => this.#handle(incoming, response));
  }

  static async start(upstream: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next requests meet these; what was left of earlier ones is forgotten, and what was seen too. */
  willDo(...faults: Fault[]): void {
    this.#faults = faults;
    this.seen.length = 0;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #handle(incoming: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = incoming;
    this.seen.push({ method, url, headers });
    const isUnknown = !this.knowsConditions && headers['if-none-match'] !== undefined;
    const fault: Fault | undefined = isUnknown ? { kind: 'answer', status: 501, code: 'NotImplemented' } : this.#faults.shift();
    if (fault?.kind === 'stall') return;
    if (fault?.kind === 'answer') {
      incoming.resume().once('end', () => answer(response, fault));
    } else if (fault?.kind === 'reset') {
      incoming.resume().once('end', () => response.destroy());
    } else {
      this.#forward(incoming, response, fault?.kind === 'pass' ? undefined : fault?.kind);
    }
  }

  #forward(
    incoming: IncomingMessage,
    response: ServerResponse,
    fault: 'lose answer' | 'cut body' | 'stall body' | undefined,
  ): void {
    const { method, url: path, headers } = incoming;
    const { hostname, port } = this.#upstream;
    // With the headers as they were signed, that of the host included.
    const outgoing = request({ hostname, port, method, path, headers, agent: false }, (upstream) => {
      if (fault === 'lose answer') {
        upstream.resume().once('end', () => response.destroy());
        return;
      }
      response.writeHead(upstream.statusCode ?? 502, upstream.headers);
      if (fault === undefined) upstream.pipe(response);
      else
        upstream.once('data', (start: Buffer) =>
          response.write(start.subarray(0, start.length / 2), () => halt(fault, response)),
        );
    });
    outgoing.once('error', () => response.destroy());
    response.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }
}

function halt(fault: 'cut body' | 'stall body', response: ServerResponse): void {
  if (fault === 'cut body') response.destroy();
}

function answer(response: ServerResponse, { status, code = '', headers = {}, body }: Fault & { kind: 'answer' }): void {
  const text = body ?? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>As the test wants it</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(text), ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}
