import { spawn } from 'node:child_process';
import { repository } from '../infra/home.ts';

/** Runs a command with its output on ours and without input. @returns its exit code (127 when it cannot be run). */
export function runVisibly(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: repository,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.once('error', (error) => {
      console.error(`${file} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
}
