import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';
import { inCache, installInCache } from './install-in-cache.ts';

/** A program that is built from its source, as Go's proxy of modules has it. */
export interface GoProgram {
  /** Path of its package; the last part names the program. */
  module: string;
  version: string;
  /** Of its directory in the cache, where the last part of the path is too common a word. */
  name?: string;
  /** Linked to no library: it runs in an image that holds nothing else. */
  static?: boolean;
  /** Its module replaces others, which `go install` refuses: it is built as a dependency, whose replacements do not count. */
  asDependency?: boolean;
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
  onLine(`building ${module} ${version}, once`);
  const build = program.asDependency ? buildAsDependency : install;
  try {
    return join(await installInCache(directoryOf(program), (draft) => build(program, draft)), nameOf(program));
  } catch (cause) {
    throw new Error(`${module} ${version} could not be built. ${cure}\n${(cause as Error).message}`, { cause });
  }
}

async function install(program: GoProgram, draft: string): Promise<void> {
  await runCommand('go', ['install', `${program.module}@${program.version}`], {
    env: { ...environmentOf(program), GOBIN: draft },
  });
}

async function buildAsDependency(program: GoProgram, draft: string): Promise<void> {
  const cwd = join(draft, 'module');
  mkdirSync(cwd);
  const go = (...args: string[]) => runCommand('go', args, { cwd, env: environmentOf(program) });
  await go('mod', 'init', 'program');
  await go('get', `${program.module}@${program.version}`);
  await go('build', '-o', join(draft, nameOf(program)), program.module);
  rmSync(cwd, { recursive: true });
}

function environmentOf(program: GoProgram): NodeJS.ProcessEnv {
  return program.static ? { ...process.env, CGO_ENABLED: '0' } : process.env;
}

function nameOf({ module }: GoProgram): string {
  return module.slice(module.lastIndexOf('/') + 1);
}

function directoryOf(program: GoProgram): string {
  return `${program.name ?? nameOf(program)}-${program.version}`;
}
