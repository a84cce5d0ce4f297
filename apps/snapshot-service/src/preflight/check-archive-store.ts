import { reportError } from '@godwit/contracts/errors';
import type { Finding } from '@godwit/contracts/findings';
import type { StoredRun } from '@godwit/db/run-store';
import type { ArchiveAccess } from '@godwit/step-kit/archive-access';

/** Whether the store of a run's archive can be written, read, listed and deleted in; what it refuses is a finding. */
export async function checkArchiveStore(archives: ArchiveAccess, run: StoredRun, signal: AbortSignal): Promise<Finding[]> {
  try {
    await archives.use(run, (store) => store.check({ signal }));
    return [];
  } catch (error) {
    signal.throwIfAborted();
    const { reason, message, cure } = reportError(error);
    return [{ severity: 'error', reason, message, cure }];
  }
}
