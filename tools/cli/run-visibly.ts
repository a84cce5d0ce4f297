import { type ChildProcess, spawn } from 'node:child_process';
import { repository } from '../infra/home.ts';

const running = new Set<ChildProcess>();

/**
 * Runs a command with its output on ours (or without its stdout, where that is for machines) and without input.
 * @returns its exit code; 127 when it cannot be run.
 */
export function runVisibly(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  { stdout = 'inherit' }: { stdout?: 'inherit' | 'ignore' } = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: repository, stdio: ['ignore', stdout, 'inherit'], env: { ...process.env, ...env } });
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
