import { randomUUID } from 'node:crypto';
import { FatalError, GodwitError, RetryableError } from '@godwit/contracts/errors';
import type { ObjectStore, RequestOptions } from './object-store.ts';

/**
 * Uses a store as a mover would, with a probe object: writes, reads, lists and deletes it.
 * @param endpoint for messages
 * @throws FatalError when the store does not do what it says, or what its operations throw; the message begins with the operation
 */
export async function checkStore(store: ObjectStore, endpoint: string, options: RequestOptions): Promise<void> {
  const key = `.godwit-probe/${randomUUID()}`;
  const body = Buffer.from(`Written by Godwit to test this connection, ${new Date().toISOString()}\n`);
  await doing('Writing', () => store.put(key, body, options));
  try {
    await doing('Reading', async () => {
      if (!(await store.get(key, options)).equals(body))
        throw untrue(endpoint, 'an object that was written is read with other content');
    });
    await doing('Listing', async () => {
      const listed: string[] = [];
      for await (const object of store.list(key, options)) listed.push(object.key);
      if (!listed.includes(key)) throw untrue(endpoint, 'an object that was written is not listed');
    });
  } catch (error) {
    await store.delete([key], options).catch(() => {}); // the first failure is the one to tell
    throw error;
  }
  await doing('Deleting', () => store.delete([key], options));
}

/** @throws what the operation threw, with its name */
async function doing(operation: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof GodwitError)) throw error;
    const { reason, message, cure, subject } = error;
    const Kind = error instanceof RetryableError ? RetryableError : FatalError;
    throw new Kind(reason, `${operation} a test object failed: ${message}`, { cure, subject });
  }
}

function untrue(endpoint: string, what: string): FatalError {
  return new FatalError('StoreRefused', `${endpoint} cannot hold archives: ${what}`, {
    cure: 'Use object storage whose reads and listings show what was just written.',
  });
}
