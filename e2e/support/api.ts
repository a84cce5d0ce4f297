import type {
  InspectedCluster,
  MigrationView,
  RunEventView,
  RunObjectView,
  RunSummary,
  RunView,
  TestedObjectStore,
} from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';

const POLL_MS = 200;

/** An answer that is not a success, whole. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: { title?: string; errors?: { path: (string | number)[]; message: string }[] },
  ) {
    super(`${status}: ${JSON.stringify(problem)}`);
  }
}

/** The API as a user calls it. */
export class Api {
  constructor(private readonly url: string) {}

  registerCluster(name: string, kubeconfig: string): Promise<InspectedCluster> {
    return this.call('POST', '/clusters', { name, kubeconfig });
  }

  registerObjectStore(store: object): Promise<TestedObjectStore> {
    return this.call('POST', '/object-stores', store);
  }

  createMigration(definition: object): Promise<MigrationView> {
    return this.call('POST', '/migrations', definition);
  }

  startRun(migrationId: string): Promise<RunSummary> {
    return this.call('POST', `/migrations/${migrationId}/runs`);
  }

  run(id: string): Promise<RunView> {
    return this.call('GET', `/runs/${id}`);
  }

  cancel(id: string): Promise<unknown> {
    return this.call('POST', `/runs/${id}/cancel`);
  }

  async objects(runId: string): Promise<RunObjectView[]> {
    const all: RunObjectView[] = [];
    let after: string | undefined;
    do {
      const page: { items: RunObjectView[]; next?: string } = await this.call(
        'GET',
        `/runs/${runId}/objects?limit=500${after ? `&after=${after}` : ''}`,
      );
      all.push(...page.items);
      after = page.next;
    } while (after);
    return all;
  }

  async events(runId: string): Promise<RunEventView[]> {
    const page: { items: RunEventView[] } = await this.call('GET', `/runs/${runId}/events`);
    return page.items;
  }

  /** Waits until a run is over; a run that takes too long is shown with its log. */
  async finished(id: string, timeoutMs = 180_000): Promise<RunView> {
    return this.until(id, (run) => isFinished(run.phase), timeoutMs);
  }

  async until(id: string, test: (run: RunView) => boolean, timeoutMs = 120_000): Promise<RunView> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      // A service that was killed on purpose does not answer for a moment.
      const run = await this.run(id).catch(() => undefined);
      if (run && test(run)) return run;
      if (Date.now() > deadline) throw new Error(`run ${id} is not there yet:\n${await this.story(id)}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** All that is known of a run, for the message of a failing test. */
  async story(id: string): Promise<string> {
    const [run, events] = await Promise.all([this.run(id), this.events(id)]);
    const steps = run.steps.map(
      ({ name, item, state, attempt, error }) => `  ${name} ${item} ${state} (${attempt}) ${error?.message ?? ''}`,
    );
    const lines = events.map(({ at, level, step, message }) => `  ${at} ${level} ${step ?? ''}: ${message}`);
    return [`${run.phase} ${JSON.stringify(run.error ?? '')}`, ...steps, ...lines].join('\n');
  }

  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();
    const answer = text ? JSON.parse(text) : undefined;
    if (!response.ok) throw new ApiError(response.status, answer);
    return answer as T;
  }
}
