import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { program } from './programs.ts';

/** Since the last reset; bytes are those of object bodies. */
export interface StubFigures {
  requests: number;
  receivedBytes: number;
  sentBytes: number;
  storedBytes: number;
}

/** The object store of a measurement, which counts. */
export interface Stub {
  endpoint: string;
  figures(): Promise<StubFigures>;
  /** Sets the counters to nothing. */
  reset(): Promise<unknown>;
  /** Removes all objects. */
  wipe(): Promise<unknown>;
  /** Milliseconds that are added to each request. */
  setLatency(milliseconds: number): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the stub with its objects in a directory. It ends with us. */
export async function startStub(directory: string): Promise<Stub> {
  mkdirSync(directory, { recursive: true });
  const args = ['--pdeathsig', 'TERM', '--', program('stub'), '-directory', directory];
  const child = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const endpoint = await firstLine(child);
  const control = async (method: 'GET' | 'POST', query = '') => {
    const answer = await fetch(`${endpoint}/_control${query}`, { method });
    if (!answer.ok) throw new Error(`The object store of the bench answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Omit<StubFigures, 'requests'> & { requests: Record<string, number> };
  };
  return {
    endpoint,
    async figures() {
      const { requests, ...bytes } = await control('GET');
      return { ...bytes, requests: Object.values(requests).reduce((sum, count) => sum + count, 0) };
    },
    reset: () => control('POST', '?reset'),
    wipe: () => control('POST', '?wipe'),
    setLatency: (milliseconds) => control('POST', `?latency=${milliseconds}ms`),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`The object store of the bench cannot be run: ${error.message}`)));
    child.once('exit', (code) => reject(new Error(`The object store of the bench ended (${code}).`)));
    createInterface({ input: child.stdout! }).once('line', resolve);
  });
}
