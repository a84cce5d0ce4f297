import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';
import { inCache, installInCache } from './install-in-cache.ts';

const MODULE = 'github.com/versity/versitygw/cmd/versitygw';
const VERSION = 'v1.8.0';
const NAME = `versitygw-${VERSION}`;

/** @returns path of the S3 gateway if it was built before. */
export function findVersitygwBinary(): string | undefined {
  const binary = join(inCache(NAME), 'versitygw');
  return existsSync(binary) ? binary : undefined;
}

/** @returns path of the S3 gateway, built once into the cache (one to two minutes the first time). */
export async function ensureVersitygwBinary(onLine: (line: string) => void): Promise<string> {
  const found = findVersitygwBinary();
  if (found) return found;
  onLine(`building the S3 server (versitygw ${VERSION}), once`);
  const build = (draft: string) =>
    runCommand('go', ['install', `${MODULE}@${VERSION}`], { env: { ...process.env, GOBIN: draft } });
  try {
    return join(await installInCache(NAME, build), 'versitygw');
  } catch (cause) {
    const cure = 'Install Go 1.26 or newer, or set GODWIT_S3_ENDPOINT to an object store of your own.';
    throw new Error(`The S3 server could not be built. ${cure}\n${(cause as Error).message}`, { cause });
  }
}
