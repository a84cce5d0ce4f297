import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, readRecord } from '../processes/process-record.ts';

/**
 * Makes this process the only one that runs things in `home`; a lock whose owner is gone does not count.
 * @returns a function that gives the lock back.
 */
export function lockHome(home: string): () => void {
  const lock = join(home, 'supervisor.json');
  const draft = join(home, `supervisor.${process.pid}.json`);
  writeFileSync(draft, JSON.stringify(identify(process.pid) ?? { pid: process.pid, startTime: '' }));
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(draft, lock);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 3) throw error;
      }
      const owner = readRecord(lock);
      if (owner)
        throw new Error(
          `Godwit is already running in ${home} (process ${owner.pid}). Stop it first, or set GODWIT_HOME to another directory.`,
        );
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => rmSync(lock, { force: true });
}
