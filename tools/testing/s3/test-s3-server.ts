import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDirectory } from '../../infra/home.ts';
import { type OwnedCommand, startOwned, waitUntilReady } from '../../processes/owned-process.ts';

/** A server for one test, with nothing in it. */
export interface TestS3Server {
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

/** How to run a program that speaks S3. */
export interface S3Program {
  name: string;
  file: string;
  /** @param directory an empty one for the objects */
  args(directory: string): readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Throws while it is not yet ready. */
  probe(): Promise<unknown>;
}

/** Nothing that it stored is of use to anybody. */
const GRACE_MS = 1_000;

/** Starts a program with a home of its own. @returns how to stop it. */
export async function startS3Program({ name, file, args, env, probe }: S3Program): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), `godwit-${name}-`));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  const command: OwnedCommand = {
    name,
    home,
    file,
    args: args(ensureDirectory(join(home, 'data'))),
    env: { ...process.env, ...env },
  };
  try {
    const server = await startOwned(command);
    await waitUntilReady(server, probe);
    return async () => {
      await server.stop(GRACE_MS);
      remove();
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Past Jest, which shows what tests write when they are done. */
export function tellOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
