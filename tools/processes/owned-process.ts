import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDirectory } from '../infra/home.ts';
import { reclaim, writeRecord } from './process-record.ts';

export interface OwnedCommand {
  /** Unique within `home`: names the record and the log. */
  name: string;
  /** Directory of records (`run/NAME.json`) and logs (`log/NAME.log`). */
  home: string;
  file: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Arguments of setpriv(1) beside ours, e.g. another user. */
  privileges?: readonly string[];
  /** How this program is asked to end; SIGTERM when not given. */
  stopSignal?: NodeJS.Signals;
  /** Gets each line of stdout and stderr. Without it, lines go to the log file. */
  onLine?: (line: string) => void;
}

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface OwnedProcess {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  isRunning(): boolean;
  /** The last lines it wrote, for an error message. */
  lastLines(): string;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, and insists after `graceMs`. Returns when it has ended. */
  stop(graceMs?: number): Promise<void>;
}

const KEPT_LINES = 20;

/**
 * Starts a program that ends with us, even when we are killed: the kernel then sends it its stop signal (Linux), and
 * whatever is still there is ended before the next start. It has a session of its own, so that Ctrl-C in the terminal
 * reaches only us and we stop things in order.
 */
export async function startOwned(command: OwnedCommand): Promise<OwnedProcess> {
  const stopSignal = command.stopSignal ?? 'SIGTERM';
  const record = join(ensureDirectory(join(command.home, 'run')), `${command.name}.json`);
  await reclaim(record, stopSignal);

  const lines: string[] = [];
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
  };
  const [file, args] = withPrivileges(command, stopSignal);
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: command.cwd,
    env: command.env ?? process.env,
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error) => {
      keep(`${command.name}: ${error.message}`);
      resolve({ code: 127, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  followOutput(child, command, keep);
  if (child.pid !== undefined) writeRecord(record, child.pid);

  const isRunning = () => child.exitCode === null && child.signalCode === null && child.pid !== undefined;
  return {
    name: command.name,
    pid: child.pid ?? -1,
    ended,
    isRunning,
    lastLines: () => lines.join('\n'),
    kill: (signal) => void child.kill(signal),
    async stop(graceMs = 15_000) {
      if (isRunning()) child.kill(stopSignal);
      const patience = new AbortController();
      const impatient = sleep(graceMs, undefined, { signal: patience.signal }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      await ended;
      patience.abort();
      await impatient;
    },
  };
}

/** Waits until `probe` succeeds; throws, with what the program said, when it ends before or `timeoutMs` has passed. */
export async function waitUntilReady(owned: OwnedProcess, probe: () => Promise<unknown>, timeoutMs = 30_000): Promise<void> {
  let lastError: unknown;
  for (const end = Date.now() + timeoutMs; Date.now() < end && owned.isRunning(); await sleep(100)) {
    try {
      await probe();
      return;
    } catch (error) {
      lastError = error;
    }
  }
  const state = owned.isRunning() ? `is not ready after ${timeoutMs / 1000} s (${lastError})` : 'ended while it was starting';
  await owned.stop(2_000);
  throw new Error(`${owned.name} ${state}. It said:\n${owned.lastLines() || '(nothing)'}`);
}

function withPrivileges(command: OwnedCommand, stopSignal: NodeJS.Signals): [string, readonly string[]] {
  if (process.platform !== 'linux') return [command.file, command.args];
  const deathSignal = stopSignal.replace(/^SIG/, '');
  return ['setpriv', [...(command.privileges ?? []), '--pdeathsig', deathSignal, '--', command.file, ...command.args]];
}

function followOutput(child: ChildProcess, { home, name, onLine }: OwnedCommand, keep: (line: string) => void): void {
  const write = onLine ?? logTo(join(ensureDirectory(join(home, 'log')), `${name}.log`), child);
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      keep(line);
      write(line);
    });
  }
}

function logTo(path: string, child: ChildProcess): (line: string) => void {
  const log = createWriteStream(path, { fd: openSync(path, 'w') });
  log.on('error', () => undefined); // A full disk must not end who keeps the programs running.
  child.once('close', () => log.end());
  return (line) => void log.write(`${line}\n`);
}
