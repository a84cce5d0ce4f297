import { UnfinishedRunError } from '@godwit/db/unfinished-run';
import { ConflictException } from '@nestjs/common';

/**
 * Waits for what a migration cannot bear while a run of it is unfinished.
 *
 * @throws ConflictException 409 that names the run
 */
export async function unlessRunUnfinished<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof UnfinishedRunError)) throw error;
    throw new ConflictException(`its run ${error.runId} is unfinished; wait for it or cancel it first`);
  }
}
