import type {
  InspectedCluster,
  MigrationView,
  RunEventView,
  RunSummary,
  RunView,
  TestedObjectStore,
} from '../../libs/contracts/src/api.ts';
import { isFinished } from '../../libs/contracts/src/run.ts';
import type { ObjectStoreAccess } from '../infra/object-store.ts';

/** What a run sends while it goes on. */
export interface RunListener {
  onRun(run: RunView): void;
  onLine(line: RunEventView): void;
}

const TIMEOUT_MS = 30_000;

/** The calls of Godwit's API that a migration takes. Each throws with the whole answer when it is not a success. */
export class ApiClient {
  private readonly url: string;
  private readonly access: Readonly<Record<string, string>>;

  /** @param key an API key, where the service asks who calls */
  constructor(url: string, key?: string) {
    this.url = url;
    this.access = key ? { authorization: `Bearer ${key}` } : {};
  }

  registerCluster(name: string, kubeconfig: string): Promise<InspectedCluster> {
    return this.call('POST', '/clusters', { name, kubeconfig });
  }

  registerObjectStore(name: string, access: ObjectStoreAccess): Promise<TestedObjectStore> {
    return this.call('POST', '/object-stores', { name, ...access });
  }

  /** @param definition see `MigrationDefinition`; what has a default may be left out */
  createMigration(definition: object): Promise<MigrationView> {
    return this.call('POST', '/migrations', definition);
  }

  startRun(migrationId: string): Promise<RunSummary> {
    return this.call('POST', `/migrations/${migrationId}/runs`);
  }

  run(id: string): Promise<RunView> {
    return this.call('GET', `/runs/${id}`);
  }

  cancel(id: string): Promise<RunSummary> {
    return this.call('POST', `/runs/${id}/cancel`);
  }

  /** Follows a run by its events until it is finished, and connects again when they break off. @returns the finished run. */
  async follow(id: string, listener: RunListener, signal: AbortSignal): Promise<RunView> {
    let last = '0';
    for (;;) {
      try {
        for await (const { event, id: eventId, data } of this.events(`/runs/${id}/stream?after=${last}`, signal)) {
          if (event === 'run') listener.onRun(data as RunView);
          if (event === 'log') listener.onLine(data as RunEventView);
          last = eventId ?? last;
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof TypeError)) throw error; // fetch's error of the network
      }
      const run = await this.run(id);
      if (isFinished(run.phase)) return run;
    }
  }

  private async *events(path: string, signal: AbortSignal): AsyncGenerator<{ event: string; id?: string; data: unknown }> {
    const headers = { accept: 'text/event-stream', ...this.access };
    const response = await fetch(`${this.url}/api${path}`, { signal, headers });
    if (!response.ok || !response.body) throw new Error(`GET ${path} gave ${response.status}: ${await response.text()}`);
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2);
        const [event, id, data] = [field('event'), field('id'), field('data')];
        if (event && data) yield { event, id, data: JSON.parse(data) };
      }
    }
  }

  /** @returns whatever is answered, refusals too */
  send(method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}/api${path}`, {
      method,
      headers: { ...this.access, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.send(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path} gave ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}
