import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '@godwit/contracts/api';
import { isFinished } from '@godwit/contracts/run';
import type { RunEvent } from '@godwit/db/run-event-store';
import { Logger } from '@nestjs/common';
import type { EventStream } from './event-stream.ts';
import { toRunEventView } from './run-views.ts';

/** Postgres is asked so often even without news: Redis, which brings them, may be away. */
const LOOK_EVERY_MS = 2_000;
/** And not more often than so, however much news there is. */
const PAUSE_MS = 333;
/** A view of thousands of volumes takes a while: of the time, at most one in so many parts is spent on reading it. */
const READING_SHARE = 5;
const LINES = 500;

export interface Following {
  /** Id of the last line of the log that the reader knows. */
  after: string;
  stream: EventStream;
  lines(after: string, limit: number): Promise<RunEvent[]>;
  /** The run as it is now; undefined when it was deleted. */
  view(): Promise<RunView | undefined>;
  /** @returns ends the listening */
  listen(listener: () => void): () => void;
}

/** Sends a run's log and its changes until it is finished or the reader is gone. */
export async function followRun({ after, stream, lines, view, listen }: Following): Promise<void> {
  const logger = new Logger('stream');
  let known = after;
  let shown = '';
  const news = new News();
  const endListening = listen(() => news.arrive());
  try {
    while (!stream.signal.aborted) {
      news.take();
      const began = Date.now();
      try {
        // The view first: what the log tells of the finish was then there before the lines are read.
        const run = await view();
        for (let more = true; more && !stream.signal.aborted; ) {
          const read = await lines(known, LINES);
          for (const line of read) await stream.send('log', toRunEventView(line), line.id);
          known = read.at(-1)?.id ?? known;
          more = read.length === LINES;
        }
        const now = JSON.stringify(run);
        if (run && now !== shown) await stream.send('run', run);
        shown = now;
        if (!run || isFinished(run.phase)) {
          await stream.send('end', {});
          return stream.end();
        }
      } catch (error) {
        logger.warn(`cannot read the run, looks again: ${(error as Error).message}`); // Postgres is away
      }
      await pause(Math.max(PAUSE_MS, (Date.now() - began) * READING_SHARE), stream.signal);
      await Promise.race([news.next(), pause(LOOK_EVERY_MS, stream.signal)]);
    }
  } finally {
    endListening();
    stream.stop();
  }
}

/** Whether something was told since it was last looked at. */
class News {
  private told = false;
  private wake = () => {};

  arrive(): void {
    this.told = true;
    this.wake();
  }

  take(): void {
    this.told = false;
  }

  next(): Promise<void> {
    if (this.told) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
