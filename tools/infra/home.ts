import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Root of the checkout: what relative paths of the tools are relative to. */
export const repository = resolve(import.meta.dirname, '../..');

/** @returns the directory that holds data, secrets and logs of what we start; `GODWIT_HOME` moves it. Created with mode 700. */
export function godwitHome(): string {
  return ensureDirectory(resolve(repository, process.env.GODWIT_HOME ?? '.godwit'), 0o711);
}

/** @returns the directory of downloaded and built servers, shared by all checkouts; `GODWIT_CACHE` moves it. */
export function godwitCache(): string {
  if (process.env.GODWIT_CACHE) return ensureDirectory(resolve(repository, process.env.GODWIT_CACHE));
  for (const candidate of ['/var/cache/godwit', join(homedir(), '.cache/godwit')]) {
    try {
      ensureDirectory(candidate);
      accessSync(candidate, constants.W_OK);
      return candidate;
    } catch {
      // Not ours to write: the next one is in the user's own home.
    }
  }
  throw new Error('Neither /var/cache/godwit nor ~/.cache/godwit can be written; set GODWIT_CACHE to a directory that can.');
}

export function ensureDirectory(path: string, mode = 0o755): string {
  mkdirSync(path, { recursive: true, mode });
  return path;
}
