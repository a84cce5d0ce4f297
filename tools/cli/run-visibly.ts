import { type ChildProcess, spawn } from 'node:child_process';
import { repository } from '../infra/home.ts';

const running = new Set<ChildProcess>();

export interface VisibleOptions {
  /** Where its standard output goes instead of ours, when that is for machines. */
  stdout?: 'inherit' | 'ignore' | ((text: string) => void);
  cwd?: string;
}

/** Runs a command with its output on ours and without input. @returns its exit code; 127 when it cannot be run. */
export function runVisibly(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  { stdout = 'inherit', cwd = repository }: VisibleOptions = {},
): Promise<number> {
  return new Promise((resolve) => {
    const out = typeof stdout === 'function' ? 'pipe' : stdout;
    const child = spawn(file, args, { cwd, stdio: ['ignore', out, 'inherit'], env: { ...process.env, ...env } });
    if (typeof stdout === 'function') child.stdout?.setEncoding('utf8').on('data', stdout);
    running.add(child);
    child.once('error', (error) => {
      console.error(`${file} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.once('close', (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

/** Asks all that `runVisibly` runs at this moment to end. */
export function interruptVisible(): void {
  for (const child of running) child.kill('SIGTERM');
}
