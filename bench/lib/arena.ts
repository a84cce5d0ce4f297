import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { untilAskedToStop } from '../../tools/cli/until-asked-to-stop.ts';

/** A directory for all that a measurement writes; it is gone when we end. */
export interface Arena {
  directory: string;
  /** @returns a new empty directory in it */
  fresh(name: string): string;
  remove(path: string): void;
}

export function openArena(parent: string): Arena {
  const directory = mkdtempSync(join(parent, 'godwit-bench-'));
  const remove = (path: string) => rmSync(path, { recursive: true, force: true });
  process.once('exit', () => remove(directory));
  untilAskedToStop().then(() => process.exit(130));
  let made = 0;
  return {
    directory,
    fresh(name) {
      const path = join(directory, `${name}-${made++}`);
      mkdirSync(path);
      return path;
    },
    remove,
  };
}
