import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { godwitCache } from './home.ts';

/** @returns path of a directory of the cache, which may not be there. */
export function inCache(name: string): string {
  return join(godwitCache(), name);
}

/**
 * Makes a directory of the cache by `fill`, which gets a draft of it: other processes see it whole or not at all, and
 * of two that fill it at once one wins. @returns its path
 */
export async function installInCache(name: string, fill: (draft: string) => Promise<unknown>): Promise<string> {
  const target = inCache(name);
  if (existsSync(target)) return target;
  const draft = mkdtempSync(`${target}.`);
  try {
    await fill(draft);
    chmodSync(draft, 0o755); // The cache is for every user of the machine.
    renameSync(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return target;
}
