import type { MetObject } from '@godwit/db/run-object-store';

/** For people: why an object is left to the application of another migration. */
export function describeMet({ byMigration, byRunId, changed }: MetObject): string {
  const run = `run ${byRunId} of migration "${byMigration}"`;
  return changed ? `${run} has changed it too` : `${run} found it there, and what that moved may rely on it`;
}
