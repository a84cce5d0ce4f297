import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process and its start time: a bare process id may have been given to another program since. */
export interface ProcessIdentity {
  pid: number;
  /** Start time in clock ticks since boot, as the kernel tells it. */
  startTime: string;
}

/** @returns the identity of a living process, or undefined when there is none (a zombie counts as gone). */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses: fields are counted behind its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startTime] = [fields[0], fields[19]];
    return startTime && state !== 'Z' && state !== 'X' ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}

export function isAlive({ pid, startTime }: ProcessIdentity): boolean {
  return identify(pid)?.startTime === startTime;
}

export function writeRecord(path: string, pid: number): void {
  const identity = identify(pid);
  if (identity) writeFileSync(path, JSON.stringify(identity));
}

/** @returns the recorded process if it still lives. */
export function readRecord(path: string): ProcessIdentity | undefined {
  try {
    const identity = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
    return isAlive(identity) ? identity : undefined;
  } catch {
    return undefined; // No record, or one cut short when its writer was killed.
  }
}

/** Ends what a killed supervisor left behind: asks by `signal`, then insists. Nothing happens when it is gone already. */
export async function reclaim(path: string, signal: NodeJS.Signals): Promise<void> {
  const left = readRecord(path);
  if (left) {
    signalIfAlive(left, signal);
    if (!(await waitUntilGone(left, 10_000))) {
      signalIfAlive(left, 'SIGKILL');
      await waitUntilGone(left, 5_000);
    }
  }
  rmSync(path, { force: true });
}

export function signalIfAlive(process_: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(process_)) return;
  try {
    process.kill(process_.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function waitUntilGone(process_: ProcessIdentity, milliseconds: number): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(50)) if (!isAlive(process_)) return true;
  return !isAlive(process_);
}
