import { runPrefix } from '@godwit/contracts/archive-layout';
import { RunArchiveStore } from '@godwit/db/run-archive-store';
import type { StoredRun } from '@godwit/db/run-store';
import { SettingsStore } from '@godwit/db/settings-store';
import { keepArchiveUntil } from '@godwit/pipeline/archive-retention';
import { ArchiveAccess } from '@godwit/step-kit/archive-access';
import { Injectable } from '@nestjs/common';

/** Deletes the archive of a run that ends, or has it kept as long as is wished. */
@Injectable()
export class EndArchive {
  constructor(
    private readonly settings: SettingsStore,
    private readonly store: RunArchiveStore,
    private readonly archives: ArchiveAccess,
  ) {}

  /**
   * The end is noted before anything is deleted: what this cannot delete, the sweeper does.
   *
   * @returns until when it is kept; undefined if it is gone
   */
  async end(run: StoredRun, signal: AbortSignal): Promise<Date | undefined> {
    const { kind, outcome = 'Failed', definition, organisationId } = run;
    const now = new Date();
    const wished = keepArchiveUntil(
      { kind, outcome, retention: definition.retention },
      await this.settings.get(organisationId),
      now,
    );
    const until = await this.store.keepUntil(run.id, wished);
    // That of a repeated attempt is from before.
    if (until > now) return until;
    await this.archives.use(run, (store) => store.deletePrefix(runPrefix(run.id), { signal }));
    await this.store.noteDeleted(run.id);
    return undefined;
  }
}
