import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';
import { inCache, installInCache } from './install-in-cache.ts';

/** A program that is built from its source, as Go's proxy of modules has it. */
export interface GoProgram {
  /** Path of its package; the last part names the program. */
  module: string;
  version: string;
}

/** @returns path of the program if it was built before. */
export function findGoProgram(program: GoProgram): string | undefined {
  const binary = join(inCache(directoryOf(program)), nameOf(program));
  return existsSync(binary) ? binary : undefined;
}

/**
 * @param onLine gets one line when it is to be built, which takes one to four minutes
 * @returns path of the program, built once into the cache. Throws with `cure` when it cannot be built.
 */
export async function ensureGoProgram(program: GoProgram, cure: string, onLine: (line: string) => void): Promise<string> {
  const found = findGoProgram(program);
  if (found) return found;
  const { module, version } = program;
  onLine(`building ${nameOf(program)} ${version}, once`);
  const build = (draft: string) =>
    runCommand('go', ['install', `${module}@${version}`], { env: { ...process.env, GOBIN: draft } });
  try {
    return join(await installInCache(directoryOf(program), build), nameOf(program));
  } catch (cause) {
    throw new Error(`${nameOf(program)} ${version} could not be built. ${cure}\n${(cause as Error).message}`, { cause });
  }
}

function nameOf({ module }: GoProgram): string {
  return module.slice(module.lastIndexOf('/') + 1);
}

function directoryOf(program: GoProgram): string {
  return `${nameOf(program)}-${program.version}`;
}
