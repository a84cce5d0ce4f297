import { setInterval } from 'node:timers';
import { DeclinedError, FatalError, reportError } from '@godwit/contracts/errors';
import type { QueueName, StepMessage } from '@godwit/contracts/queues';
import type { ClaimedStep, StepEnd, StepLedger, StreamGrant } from '@godwit/pipeline/step-ledger';
import { type Job, Worker } from 'bullmq';
import type { RedisService } from './redis.ts';

const RENEW_EVERY_MS = 1_000;
/** After so long without a successful renewal (Postgres away) the lease is as good as lost. */
const RENEW_FAILS_AFTER_MS = 8_000;

/** Why a handler's signal was aborted. */
export class StepStopped extends Error {
  constructor(readonly why: 'run-ends' | 'lease-lost' | 'shutdown') {
    super(`stopped: ${why}`);
  }
}

export interface StepContext {
  step: ClaimedStep;
  /** Aborted within about a second when the run ends, the step is lost or the service stops. */
  signal: AbortSignal;
  /** Of a step that moves data: `listener` is called about once a second with the streams that it has. */
  onStreams(listener: (grant: StreamGrant) => void): void;
}

/**
 * Does a step. It is idempotent and finds again what an earlier attempt left. Errors of its own throw
 * a fatal, retryable or declined error (nothing to do: the step counts as skipped).
 *
 * @returns what later steps need
 */
export type StepHandler = (context: StepContext) => Promise<object | undefined>;

export interface StepWorkerOptions {
  queue: QueueName;
  /** How many steps at once. */
  concurrency: number;
  workerName: string;
  ledger: StepLedger;
  handlers: Partial<Record<string, StepHandler>>;
  redis: RedisService;
  /** Called after each end of a step that was written; without an end when the step was given back. */
  onEnd(step: ClaimedStep, end: StepEnd | undefined): Promise<void>;
  onError(error: unknown): void;
}

/** Takes steps from a queue, one at a time for each of its `concurrency`, and holds a lease on each while it works. */
export class StepWorker {
  private readonly worker: Worker<StepMessage>;
  private readonly inFlight = new Set<AbortController>();
  private stopping = false;

  constructor(private readonly options: StepWorkerOptions) {
    this.worker = new Worker<StepMessage>(options.queue, (message) => this.take(message), {
      connection: options.redis.client,
      concurrency: options.concurrency,
      // A message only points to a step: a lost one is rung again by the sweeper, not redelivered by the queue.
      maxStalledCount: 0,
    });
    this.worker.on('error', options.onError);
    // The ledger could not be read or written: the step is found again by its lease.
    this.worker.on('failed', (_message, error) => options.onError(error));
  }

  /** Stops taking steps, asks the running ones to stop and waits for them. Theirs go to another worker at once. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const controller of this.inFlight) controller.abort(new StepStopped('shutdown'));
    await this.worker.close();
  }

  private async take(message: Job<StepMessage>): Promise<void> {
    const { ledger, workerName, onEnd } = this.options;
    const step = await ledger.claim(message.data.stepId, message.data.attempt, workerName);
    if (!step) return;
    // Claimed while `stop` went over those in flight.
    if (this.stopping) return ledger.release(step);
    const controller = new AbortController();
    this.inFlight.add(controller);
    let tellStreams: (grant: StreamGrant) => void = () => {};
    const onStreams: StepContext['onStreams'] = (listener) => {
      tellStreams = listener;
    };
    const stopRenewing = this.keepLease(step, controller, (grant) => tellStreams(grant));
    try {
      const end = await this.run({ step, signal: controller.signal, onStreams });
      stopRenewing();
      if (end === 'lease-lost') return;
      if (end === 'shutdown') await ledger.release(step);
      else if (!(await ledger.finish(step, end))) return;
      await onEnd(step, end === 'shutdown' ? undefined : end);
    } finally {
      stopRenewing();
      this.inFlight.delete(controller);
    }
  }

  private async run(context: StepContext): Promise<StepEnd | 'lease-lost' | 'shutdown'> {
    const { step, signal } = context;
    try {
      const handler = this.options.handlers[step.name];
      if (!handler) throw new FatalError('NoHandler', `${this.options.workerName} does not know the step ${step.name}`);
      return { state: 'Succeeded', output: await handler(context) };
    } catch (error) {
      if (signal.aborted) {
        const why = signal.reason instanceof StepStopped ? signal.reason.why : 'shutdown';
        return why === 'run-ends'
          ? { state: 'Cancelled', error: reportError(new DeclinedError('RunEnded', 'the run ended before this step did')) }
          : why;
      }
      if (error instanceof DeclinedError) return { state: 'Skipped', error: reportError(error) };
      return { state: 'Failed', error: reportError(error) };
    }
  }

  private keepLease(step: ClaimedStep, controller: AbortController, onStreams: (grant: StreamGrant) => void): () => void {
    let renewedAt = Date.now();
    let busy = false;
    const timer = setInterval(async () => {
      // Also where a renewal neither fails nor answers.
      if (Date.now() - renewedAt > RENEW_FAILS_AFTER_MS) controller.abort(new StepStopped('lease-lost'));
      if (busy) return;
      busy = true;
      try {
        const { state, streams } = await this.options.ledger.renew(step);
        renewedAt = Date.now();
        if (streams) onStreams(streams);
        if (state === 'stop') controller.abort(new StepStopped('run-ends'));
        if (state === 'lost') controller.abort(new StepStopped('lease-lost'));
      } catch (error) {
        this.options.onError(error);
      } finally {
        busy = false;
      }
    }, RENEW_EVERY_MS);
    return () => clearInterval(timer);
  }
}
