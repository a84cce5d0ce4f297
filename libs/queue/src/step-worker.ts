import { setInterval } from 'node:timers';
import { DeclinedError, FatalError, reportError } from '@godwit/contracts/errors';
import type { QueueName, StepMessage } from '@godwit/contracts/queues';
import type { ClaimedStep, ReleaseOptions, StepEnd, StepLedger, StopReason, StreamGrant } from '@godwit/pipeline/step-ledger';
import { type Job, Worker } from 'bullmq';
import type { RedisService } from './redis.ts';

const RENEW_EVERY_MS = 1_000;
/** After so long without a successful renewal (Postgres away) the lease is as good as lost. */
const RENEW_FAILS_AFTER_MS = 8_000;
/** When what a paused step left running could not be taken away, that is tried again after so long. */
const STOP_AGAIN_MS = 5_000;

/** Why a handler's signal was aborted. */
export class StepStopped extends Error {
  constructor(readonly why: StopReason | 'lease-lost' | 'shutdown') {
    super(`stopped: ${why}`);
  }
}

export interface StepContext {
  step: ClaimedStep;
  /** Aborted within about a second when the run ends, is held or paused, the step is lost or the service stops. */
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

/**
 * Takes away what a step leaves running when its handler stops or fails for good: of one whose run goes on later, or ends. Not
 * called when only its worker stops, as another one goes on with it.
 */
export type StepStopper = (step: ClaimedStep) => Promise<void>;

export interface StepWorkerOptions {
  queue: QueueName;
  /** How many steps at once. */
  concurrency: number;
  workerName: string;
  ledger: StepLedger;
  handlers: Partial<Record<string, StepHandler>>;
  stoppers?: Partial<Record<string, StepStopper>>;
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
      if (step.stop) controller.abort(new StepStopped(step.stop));
      const end = await this.run({ step, signal: controller.signal, onStreams });
      stopRenewing();
      if (end === 'lease-lost') return;
      if ('release' in end) await ledger.release(step, end.release);
      else if (!(await ledger.finish(step, end))) return;
      await onEnd(step, 'release' in end ? undefined : end);
    } finally {
      stopRenewing();
      this.inFlight.delete(controller);
    }
  }

  private async run(context: StepContext): Promise<StepEnd | 'lease-lost' | { release: ReleaseOptions }> {
    const { step, signal } = context;
    try {
      signal.throwIfAborted();
      const handler = this.options.handlers[step.name];
      if (!handler) throw new FatalError('NoHandler', `${this.options.workerName} does not know the step ${step.name}`);
      return { state: 'Succeeded', output: await handler(context) };
    } catch (error) {
      if (signal.aborted) {
        const why = signal.reason instanceof StepStopped ? signal.reason.why : 'shutdown';
        if (why === 'lease-lost') return why;
        if (why === 'shutdown') return { release: {} };
        const isStopped = await this.takeAway(step);
        if (why === 'run-ends')
          return { state: 'Cancelled', error: reportError(new DeclinedError('RunEnded', 'the run ended before this step did')) };
        return { release: isStopped ? { isStopped } : { notBefore: new Date(Date.now() + STOP_AGAIN_MS) } };
      }
      if (error instanceof DeclinedError) return { state: 'Skipped', error: reportError(error) };
      const report = reportError(error);
      // Nothing of it is to go on by itself. After a retryable error it may: the next attempt finds it again.
      if (report.kind === 'fatal') await this.takeAway(step);
      return { state: 'Failed', error: report };
    }
  }

  /** @returns whether nothing of the step runs any more */
  private async takeAway(step: ClaimedStep): Promise<boolean> {
    try {
      await this.options.stoppers?.[step.name]?.(step);
      return true;
    } catch (error) {
      this.options.onError(error);
      return false;
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
        if (state === 'lost') controller.abort(new StepStopped('lease-lost'));
        else if (state !== 'held') controller.abort(new StepStopped(state));
      } catch (error) {
        this.options.onError(error);
      } finally {
        busy = false;
      }
    }, RENEW_EVERY_MS);
    return () => clearInterval(timer);
  }
}
