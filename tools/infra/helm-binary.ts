import { join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';
import { installInCache } from './install-in-cache.ts';

const MODULE = 'helm.sh/helm/v3/cmd/helm';
const VERSION = 'v3.22.0';

/** @returns path of Helm, built once into the cache (one to two minutes the first time). */
export async function ensureHelmBinary(): Promise<string> {
  const build = (draft: string) =>
    runCommand('go', ['install', `${MODULE}@${VERSION}`], { env: { ...process.env, GOBIN: draft } });
  try {
    return join(await installInCache(`helm-${VERSION}`, build), 'helm');
  } catch (cause) {
    throw new Error(`Helm could not be built. Install Go 1.26 or newer.\n${(cause as Error).message}`, { cause });
  }
}
