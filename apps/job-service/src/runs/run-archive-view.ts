import type { RunArchiveView } from '@godwit/contracts/api';
import { runPrefix } from '@godwit/contracts/archive-layout';
import { isFinished } from '@godwit/contracts/run';
import type { RegisteredObjectStore } from '@godwit/db/object-store-store';
import type { StoredRun } from '@godwit/db/run-store';

/** @param store that the archive is in, if it is a registered one and still is */
export function toRunArchiveView(run: StoredRun, store: RegisteredObjectStore | undefined, now: Date): RunArchiveView {
  const { storage, archiveKeptUntil, archiveDeletedAt } = run;
  return {
    state: stateOf(run, now),
    storage,
    place: placeOf(run, store),
    ...(archiveKeptUntil ? { keptUntil: archiveKeptUntil.toISOString() } : {}),
    ...(archiveDeletedAt ? { deletedAt: archiveDeletedAt.toISOString() } : {}),
  };
}

function stateOf({ phase, archiveKeptUntil, archiveDeletedAt }: StoredRun, now: Date): RunArchiveView['state'] {
  if (archiveDeletedAt) return 'Deleted';
  if (!isFinished(phase)) return 'InUse';
  if (!archiveKeptUntil) return 'None';
  return archiveKeptUntil > now ? 'Kept' : 'Deleting';
}

function placeOf({ id, storage }: StoredRun, store: RegisteredObjectStore | undefined): string {
  if (storage.type === 'Managed') return `managed storage of ${storage.provider} in ${storage.region}, ${runPrefix(id)}`;
  if (!store) return '(forgotten object store)';
  const { name, bucket, prefix, endpoint } = store;
  return `"${name}", s3://${[bucket, prefix, runPrefix(id)].filter(Boolean).join('/')} at ${endpoint}`;
}
