export interface ServerSentEvent {
  event: string;
  id?: string;
  data: unknown;
}

/** Reads server-sent events as they come. */
export class EventReader {
  readonly events: ServerSentEvent[] = [];
  /** When the server ends the stream, or the reader closes it. */
  readonly ended: Promise<void>;
  private readonly closed = new AbortController();
  private readonly waiting = new Set<() => void>();

  private constructor(body: AsyncIterable<Uint8Array>, closed: AbortController) {
    this.closed = closed;
    this.ended = this.read(body);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const closed = new AbortController();
    const answer = await fetch(url, { headers, signal: closed.signal });
    if (answer.status !== 200) throw new Error(`there is no stream: ${answer.status} ${await answer.text()}`);
    return new EventReader(answer.body!, closed);
  }

  of(event: string): ServerSentEvent[] {
    return this.events.filter((candidate) => candidate.event === event);
  }

  /** @throws Error if it is not so within some seconds, with what came instead */
  async until(condition: () => boolean): Promise<void> {
    const giveUp = AbortSignal.timeout(15_000);
    while (!condition()) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const fail = () => reject(new Error(`it did not come: ${JSON.stringify(this.events).slice(0, 2000)}`));
      giveUp.addEventListener('abort', fail, { once: true });
      this.waiting.add(resolve);
      await promise;
      giveUp.removeEventListener('abort', fail);
    }
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.ended;
  }

  private async read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const bytes of body) {
        const parts = (text + decoder.decode(bytes, { stream: true })).split('\n\n');
        text = parts.pop()!;
        this.events.push(...parts.filter((part) => !part.startsWith(':')).map(parse));
        for (const wake of this.waiting) wake();
        this.waiting.clear();
      }
    } catch (error) {
      if (!this.closed.signal.aborted) throw error;
    }
  }
}

function parse(part: string): ServerSentEvent {
  const fields = new Map(part.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
  const id = fields.get('id');
  return { event: fields.get('event')!, ...(id ? { id } : {}), data: JSON.parse(fields.get('data')!) };
}
