import { StagedVolumesError } from '@godwit/db/migration-store';
import { HookMissingError } from '@godwit/db/run-hooks';
import { NoPreferredStorageError } from '@godwit/db/run-storage';
import { UnfinishedRunError } from '@godwit/db/unfinished-run';
import { FieldProblem } from '@godwit/service-kit/problem-details';
import { ConflictException } from '@nestjs/common';
import { NO_PREFERRED_STORAGE } from './storage-references.ts';

/**
 * Waits for what a migration cannot bear while a run of it is unfinished.
 *
 * @throws ConflictException 409 that names the run, or the hook that it cannot begin with, or counts what is staged; FieldProblem 422 if its source cluster
 *   prefers no storage any more
 */
export async function unlessRunUnfinished<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof HookMissingError) {
      throw new ConflictException(`its hook ${error.hookId} was deleted just now; take it out of the migration`);
    }
    if (error instanceof NoPreferredStorageError) {
      throw new FieldProblem(422, 'the migration has no place for its archive', [NO_PREFERRED_STORAGE]);
    }
    if (error instanceof StagedVolumesError) {
      const volumes = error.count === 1 ? '1 volume of it is' : `${error.count} volumes of it are`;
      throw new ConflictException(
        `${volumes} staged; discard what is staged first (DELETE /migrations/{id}/staging), or cut over`,
      );
    }
    if (!(error instanceof UnfinishedRunError)) throw error;
    throw new ConflictException(`its run ${error.runId} is unfinished; wait for it or cancel it first`);
  }
}
