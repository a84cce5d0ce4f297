import type { RunEventView, RunObjectView, RunView } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import { ApiClient } from '../../tools/demo/api-client.ts';

const POLL_MS = 200;

/** The API as a user calls it, with what tests ask of a run. */
export class Api extends ApiClient {
  async objects(runId: string): Promise<RunObjectView[]> {
    const all: RunObjectView[] = [];
    let after: string | undefined;
    do {
      const cursor = after ? `&after=${after}` : '';
      const page: { items: RunObjectView[]; next?: string } = await this.call('GET', `/runs/${runId}/objects?limit=500${cursor}`);
      all.push(...page.items);
      after = page.next;
    } while (after);
    return all;
  }

  async log(runId: string): Promise<RunEventView[]> {
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
    const [run, events] = await Promise.all([this.run(id), this.log(id)]);
    const steps = run.steps.map(
      ({ name, item, state, attempt, error }) => `  ${name} ${item} ${state} (${attempt}) ${error?.message ?? ''}`,
    );
    const lines = events.map(({ at, level, step, message }) => `  ${at} ${level} ${step ?? ''}: ${message}`);
    return [`${run.phase} ${JSON.stringify(run.error ?? '')}`, ...steps, ...lines].join('\n');
  }
}
