import { setTimeout as sleep } from 'node:timers/promises';
import { type OwnedCommand, type OwnedProcess, startOwned } from './owned-process.ts';

/** A program that is started again whenever it ends, until it is stopped. */
export interface Supervised {
  readonly name: string;
  /** The process that runs now; undefined between an end and the next start. */
  current(): OwnedProcess | undefined;
  /** How often it was started again. */
  restarts(): number;
  /** The last lines of the process that runs now, or, when it has said nothing yet, of the one before. */
  lastLines(): string;
  stop(graceMs?: number): Promise<void>;
}

/** A program that ran this long was well, and its next end is told apart from a row of failures. */
const WELL_AFTER_MS = 30_000;

/** @returns how long to wait before a start, after `failures` ends in a row: at once, then doubling up to ten seconds. */
export function restartDelayMs(failures: number): number {
  return failures <= 1 ? 0 : Math.min(500 * 2 ** (failures - 2), 10_000);
}

/**
 * Keeps a program running: the process that was `started` already, or else one that is started now.
 * `onEvent` gets a line for each end that nobody asked for.
 */
export async function supervise(
  command: OwnedCommand,
  onEvent: (line: string) => void,
  started?: OwnedProcess,
): Promise<Supervised> {
  const stopping = new AbortController();
  let process_: OwnedProcess | undefined = started ?? (await startOwned(command));
  let said = '';
  let restarts = 0;

  const watch = async () => {
    let failures = 0;
    while (process_) {
      const startedAt = Date.now();
      const { code, signal } = await process_.ended;
      said = process_.lastLines();
      process_ = undefined;
      if (stopping.signal.aborted) return;
      failures = Date.now() - startedAt >= WELL_AFTER_MS ? 1 : failures + 1;
      const delay = restartDelayMs(failures);
      onEvent(`ended (${signal ?? `exit code ${code}`}); starting it again${delay ? ` in ${delay / 1000} s` : ''}`);
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      process_ = await startOwned(command);
      restarts += 1;
      if (stopping.signal.aborted) await process_.stop(); // asked to while it was being started
    }
  };
  const watching = watch();

  return {
    name: command.name,
    current: () => process_,
    restarts: () => restarts,
    lastLines: () => process_?.lastLines() || said,
    async stop(graceMs) {
      stopping.abort();
      await process_?.stop(graceMs);
      await watching;
    },
  };
}
