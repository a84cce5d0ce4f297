import { runPrefix } from '@godwit/contracts/archive-layout';
import { reportError } from '@godwit/contracts/errors';
import type { EventLevel } from '@godwit/contracts/run';
import { RunArchiveStore } from '@godwit/db/run-archive-store';
import { RunEventStore } from '@godwit/db/run-event-store';
import type { StoredRun } from '@godwit/db/run-store';
import { archiveDeletionWait } from '@godwit/pipeline/archive-retention';
import { RunNews } from '@godwit/queue/run-news';
import { RepeatedWork } from '@godwit/service-kit/repeated-work';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { Injectable } from '@nestjs/common';

const EVERY_MS = 2_000;
const AT_ONCE = 4;
/** After it, another replica may try too. */
const LEASE_MS = 600_000;

/**
 * Deletes the archives that have been kept as long as they were to be. Every replica does so, each archive is handed to one of
 * them. A store that cannot be reached is tried again, less and less often; the run's log tells so once.
 */
@Injectable()
export class ArchiveSweeper extends RepeatedWork {
  constructor(
    private readonly due: RunArchiveStore,
    private readonly archives: ArchiveAccess,
    private readonly log: RunEventStore,
    private readonly news: RunNews,
  ) {
    super('deleting archives', EVERY_MS);
  }

  /** Deletes some archives of those that are due now. */
  async work(signal: AbortSignal): Promise<void> {
    const runs = await this.due.claimDue(AT_ONCE, LEASE_MS);
    await Promise.all(runs.map((run) => this.delete(run, signal)));
  }

  private async delete(run: StoredRun, signal: AbortSignal): Promise<void> {
    try {
      await this.archives.use(run, (store) => store.deletePrefix(runPrefix(run.id), { signal }));
    } catch (error) {
      // It is at nobody's fault, and another replica should not wait for the lease.
      if (signal.aborted) await this.due.tryAgainAt(run.id, new Date());
      else await this.failed(run, error);
      return;
    }
    await this.due.noteDeleted(run.id);
    await this.tell(run.id, 'info', 'The archive was deleted: the time that it was kept for has passed');
  }

  private async failed(run: StoredRun, error: unknown): Promise<void> {
    const failures = await this.due.noteFailure(run.id);
    await this.due.tryAgainAt(run.id, new Date(Date.now() + archiveDeletionWait(failures)));
    if (failures > 1) return;
    const { message, cure } = reportError(error);
    const said = `The archive should be deleted and cannot be, which is tried again until it is: ${message}`;
    await this.tell(run.id, 'warning', [said.replace(/\.$/, ''), cure].filter(Boolean).join('. '));
  }

  private async tell(runId: string, level: EventLevel, message: string): Promise<void> {
    await this.log.append(runId, { level, message });
    await this.news.tell(runId);
  }
}
