import { randomUUID } from 'node:crypto';
import { FatalError } from '@godwit/contracts/errors';
import type { ObjectStore, RequestOptions } from './object-store.ts';

/**
 * Uses a store as a mover would, with a probe object.
 * @param endpoint for messages
 * @throws FatalError when the store does not do what it says, or what its operations throw
 */
export async function checkStore(store: ObjectStore, endpoint: string, options: RequestOptions): Promise<void> {
  const key = `.godwit-probe/${randomUUID()}`;
  const body = Buffer.from(`Written by Godwit to test this connection, ${new Date().toISOString()}\n`);
  await store.put(key, body, options);
  try {
    if (!(await store.get(key, options)).equals(body))
      throw untrue(endpoint, 'an object that was written is read with other content');
    const listed: string[] = [];
    for await (const object of store.list(key, options)) listed.push(object.key);
    if (!listed.includes(key)) throw untrue(endpoint, 'an object that was written is not listed');
  } finally {
    await store.delete([key], options);
  }
}

function untrue(endpoint: string, what: string): FatalError {
  return new FatalError('StoreRefused', `${endpoint} cannot hold archives: ${what}`, {
    cure: 'Use object storage whose reads and listings show what was just written.',
  });
}
