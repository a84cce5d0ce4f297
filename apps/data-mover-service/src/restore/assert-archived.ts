import { volumePrefix } from '@godwit/contracts/archive-layout';
import { FatalError } from '@godwit/contracts/errors';
import type { StoredRun } from '@godwit/db/run-store';
import { ObjectNotFoundError } from '@godwit/object-store/object-errors';
import type { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { closingKey } from '@godwit/volume-archive/archive-keys';

/**
 * A run that was held may go on long after its volumes were copied. For an archive that somebody has deleted meanwhile a
 * mover would wait as for a copy that is still to come.
 *
 * @throws FatalError `ArchiveLost`
 */
export async function assertArchived(
  archives: ArchiveAccess,
  run: StoredRun,
  volume: { id: string; namespace: string; name: string },
  signal: AbortSignal,
): Promise<void> {
  const key = closingKey(volumePrefix(run.id, volume.id));
  try {
    await archives.use(run, (store) => store.head(key, { signal }));
  } catch (error) {
    if (!(error instanceof ObjectNotFoundError)) throw error;
    throw new FatalError(
      'ArchiveLost',
      `the volume ${volume.namespace}/${volume.name} was copied, and its archive is not in the object store any more (${key})`,
      { cause: error, cure: 'Somebody has deleted it: give this run up and run the migration again.' },
    );
  }
}
