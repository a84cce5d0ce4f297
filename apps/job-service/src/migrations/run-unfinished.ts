import { HookMissingError } from '@godwit/db/run-hooks';
import { UnfinishedRunError } from '@godwit/db/unfinished-run';
import { ConflictException } from '@nestjs/common';

/**
 * Waits for what a migration cannot bear while a run of it is unfinished.
 *
 * @throws ConflictException 409 that names the run, or the hook that it cannot begin with
 */
export async function unlessRunUnfinished<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof HookMissingError) {
      throw new ConflictException(`its hook ${error.hookId} was deleted just now; take it out of the migration`);
    }
    if (!(error instanceof UnfinishedRunError)) throw error;
    throw new ConflictException(`its run ${error.runId} is unfinished; wait for it or cancel it first`);
  }
}
