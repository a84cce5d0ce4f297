import { join } from 'node:path';
import { repository } from '../../tools/infra/home.ts';
import { runCommand } from '../../tools/processes/run-command.ts';
import { checkToolchains } from '../../tools/toolchains/check-toolchains.ts';

const bench = join(repository, 'bench');

export type ProgramName = 'stub' | 'measure' | 'dataset' | 'compare';

/** @returns path of a helper program of this folder */
export function program(name: ProgramName): string {
  return join(bench, 'dist/bin', name);
}

/** Builds the helper programs, which takes a moment when nothing changed. */
export async function buildPrograms(): Promise<void> {
  await checkToolchains(['go']);
  await runCommand('go', ['build', '-o', 'dist/bin/', './...'], { cwd: bench });
}
