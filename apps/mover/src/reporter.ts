import { MOVER_WARNING_LINES, type MoverLine, type MoverProgress, type MoverWarning } from '@godwit/contracts/mover-protocol';
import type { StreamUse } from './follow-stream-order.ts';

const INTERVAL_MS = 1000;

type Progress = Omit<MoverProgress, 'type'>;

/** Prints JSON lines: progress at once, then about every second, then at the end; and the first warnings. */
export class Reporter {
  readonly #print: (line: MoverLine) => void;
  readonly #use: () => StreamUse;
  readonly #timer: NodeJS.Timeout;
  #progress: Progress = { bytesDone: 0, filesDone: 0, storedBytes: 0 };
  #printed: Progress | undefined;
  #warnings = 0;
  readonly #ofReason = new Map<string, number>();

  constructor(print: (line: MoverLine) => void, use: () => StreamUse) {
    this.#print = print;
    this.#use = use;
    this.#printProgress();
    this.#timer = setInterval(() => this.#printProgress(), INTERVAL_MS);
  }

  get progress(): Progress {
    return this.#progress;
  }

  get warnings(): number {
    return this.#warnings;
  }

  readonly onProgress = (progress: Progress): void => {
    this.#progress = progress;
  };

  readonly onWarning = (warning: Omit<MoverWarning, 'type'>): void => {
    this.#warnings += 1;
    // Of each reason: many that are harmless must not hide one that is not.
    const ofReason = (this.#ofReason.get(warning.reason) ?? 0) + 1;
    this.#ofReason.set(warning.reason, ofReason);
    if (ofReason <= MOVER_WARNING_LINES) this.#print({ type: 'warning', ...warning });
  };

  /** Prints where the work ended. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#printed !== this.#progress) this.#printProgress();
  }

  #printProgress(): void {
    this.#printed = this.#progress;
    this.#print({ type: 'progress', ...this.#progress, ...this.#use() });
  }
}
