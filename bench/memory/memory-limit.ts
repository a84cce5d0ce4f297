import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pipeline } from '../lib/measure.ts';

const ROOT = '/sys/fs/cgroup';
const NAME = 'godwit-bench-';

/** A cgroup in which commands have only so much memory: their own, what they cache and what the kernel keeps for them. */
export interface MemoryLimit {
  /** @returns the commands, in the cgroup */
  confine(pipeline: Pipeline): Pipeline;
  /** Processes that the kernel killed for want of memory. */
  killed(): number;
  remove(): Promise<void>;
}

/** Makes the cgroup, in either layout. @throws Error for people where that is not possible */
export function limitMemory(mebibytes: number): MemoryLimit {
  const isV1 = existsSync(join(ROOT, 'memory/memory.limit_in_bytes'));
  const parent = join(ROOT, isV1 ? 'memory' : '');
  removeLeftOver(parent);
  const directory = join(parent, `${NAME}${process.pid}`);
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  const bytes = String(mebibytes * 2 ** 20);
  try {
    if (!isV1) writeFileSync(join(ROOT, 'cgroup.subtree_control'), '+memory');
    mkdirSync(directory);
    write(isV1 ? 'memory.limit_in_bytes' : 'memory.max', bytes);
    if (!isV1 && existsSync(join(directory, 'memory.swap.max'))) write('memory.swap.max', '0');
  } catch (cause) {
    const cure = 'Run it as root on a machine with the memory controller of cgroups at /sys/fs/cgroup.';
    throw new Error(`No cgroup with limited memory can be made (${(cause as Error).message}). ${cure}`, { cause });
  }
  const events = join(directory, isV1 ? 'memory.oom_control' : 'memory.events');
  return {
    confine: (pipeline) =>
      pipeline.map((command) => ({ ...command, args: ['sh', '-c', ENTER, join(directory, 'cgroup.procs'), ...command.args] })),
    killed: () => Number(/^oom_kill (\d+)$/m.exec(readFileSync(events, 'utf8'))?.[1] ?? 0),
    remove: () => removeWhenEmpty(directory),
  };
}

/** `exec` keeps it one process: what is measured is the command alone. */
const ENTER = 'echo $$ >"$0" && exec "$@"';

/** Those of benches that were interrupted; one that is in use cannot be removed. */
function removeLeftOver(parent: string): void {
  for (const name of readdirSync(parent).filter((one) => one.startsWith(NAME))) {
    try {
      rmdirSync(join(parent, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    }
  }
}

/** The kernel lets go of the last process a moment after its end. */
async function removeWhenEmpty(directory: string): Promise<void> {
  for (let left = 20; ; left--) {
    try {
      return rmdirSync(directory);
    } catch (error) {
      if (left === 0) throw error;
      await sleep(100);
    }
  }
}
