import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inCache, installInCache } from '../../infra/install-in-cache.ts';
import { freePort } from '../../infra/ports.ts';
import { runCommand } from '../../processes/run-command.ts';

const REQUIREMENTS = new URL('moto-requirements.txt', import.meta.url).pathname;
/** Of the pinned moto; a new one gets a directory of its own. */
const DIRECTORY = 'moto-5.2.5';
const START_TIMEOUT_MS = 60_000;

/** moto: an emulator of AWS that is not ours. */
export interface Moto {
  endpoint: string;
  /** Forgets all that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** @returns directory of the Python packages, installed where they are not yet */
export async function ensureMoto(): Promise<string> {
  const options = ['--quiet', '--no-input', '--no-deps', '--no-compile', '--only-binary=:all:'];
  const install = (draft: string) =>
    runCommand('python3', ['-m', 'pip', 'install', ...options, '--target', draft, '--requirement', REQUIREMENTS]);
  await installInCache(DIRECTORY, install);
  return inCache(DIRECTORY);
}

export async function startMoto(): Promise<Moto> {
  const packages = await ensureMoto();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: 'ignore',
  });
  const reset = async () => {
    await fetch(`${endpoint}/moto-api/reset`, { method: 'POST', signal: AbortSignal.timeout(20_000) });
  };
  try {
    await untilItAnswers(server, reset);
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  }
  return {
    endpoint,
    reset,
    async stop() {
      if (server.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit');
    },
  };
}

async function untilItAnswers(server: ChildProcess, ask: () => Promise<void>): Promise<void> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; ; await sleep(100)) {
    const failed = await ask().then(
      () => undefined,
      (error: Error) => error,
    );
    if (!failed) return;
    if (server.exitCode !== null || Date.now() > deadline) throw new Error('moto did not start', { cause: failed });
  }
}
