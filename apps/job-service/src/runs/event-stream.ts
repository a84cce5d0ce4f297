import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

const HEARTBEAT_MS = 15_000;

/** A response of server-sent events. */
export class EventStream {
  private readonly stopped = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      Connection: 'close', // nothing comes after a stream: its end is that of the connection
      'X-Accel-Buffering': 'no', // nginx would keep events back
    });
    response.flushHeaders();
    response.on('close', () => this.stop());
    response.on('error', () => this.stop());
    // Proxies close what is silent, and a reader that is gone is noticed by writing to it.
    this.heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  }

  /** Aborted when the reader is gone. */
  get signal(): AbortSignal {
    return this.stopped.signal;
  }

  /** Resolves when there is room for more, so that a slow reader does not fill the memory. */
  async send(event: string, data: unknown, id?: string): Promise<void> {
    if (this.signal.aborted) return;
    // JSON has no line breaks of its own, so it is one line of data.
    const text = `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
    if (!this.response.write(text)) await once(this.response, 'drain', { signal: this.signal }).catch(() => {});
  }

  end(): void {
    this.stop();
    this.response.end();
  }

  stop(): void {
    clearInterval(this.heartbeat);
    this.stopped.abort();
  }
}
