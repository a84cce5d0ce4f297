import { FatalError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { ObjectOutcome } from '@godwit/contracts/run';
import type { RunObject } from '@godwit/db/run-object-store';
import { describeRunObject, nameSome } from '../apply/story.ts';

/** `Rolled back: 12 objects deleted, 2 put back as they were, 1 left; 3 claims went with their data (3.2 GB)` */
export function describeRollback(
  { Deleted = 0, Restored = 0, Skipped = 0, Failed = 0 }: Partial<Record<ObjectOutcome, number>>,
  volumes: { count: number; bytes: number },
): string {
  const parts = [
    `${Deleted} ${Deleted === 1 ? 'object' : 'objects'} deleted`,
    ...(Restored > 0 ? [`${Restored} put back as ${Restored === 1 ? 'it was' : 'they were'}`] : []),
    ...(Skipped > 0 ? [`${Skipped} left`] : []),
    ...(Failed > 0 ? [`${Failed} failed`] : []),
  ];
  const { count, bytes } = volumes;
  const data =
    count > 0 ? `; ${count} ${count === 1 ? 'claim' : 'claims'} went with their data (${formatBytes(bytes)} moved)` : '';
  return `Rolled back: ${parts.join(', ')}${data}`;
}

/** What is told of an object that a rollback left. */
export function leftFinding(cluster: string, row: RunObject): Finding {
  const hasFailed = row.outcome === 'Failed';
  return {
    severity: hasFailed ? 'error' : 'warning',
    reason: hasFailed ? 'NotRolledBack' : 'LeftByRollback',
    object: describeRunObject(row),
    cluster,
    message: hasFailed ? (row.reason ?? 'it could not be taken back') : `is left as it is: ${row.reason}`,
  };
}

/** One error that names what is not gone or not as before. */
export function rollbackIncomplete(cluster: string, failed: readonly RunObject[]): FatalError {
  const named = failed.map((row) => `${describeRunObject(row)} (${row.reason})`);
  return new FatalError('RollbackIncomplete', `cluster "${cluster}": not taken back: ${nameSome(named)}`, {
    subject: { cluster },
    cure: 'See to what holds or refuses it, then roll the migration back again: what is taken back already stays so.',
  });
}

function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return `${Math.round((bytes / 1000 ** power) * 10) / 10} ${units[power]}`;
}
