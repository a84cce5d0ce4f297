import { jest } from '@jest/globals';

/** Runs a copy that seems to begin half a minute after the last change, as one of a volume at rest does. */
export async function later<T>(copy: () => Promise<T>): Promise<T> {
  const now = Date.now;
  const spy = jest.spyOn(Date, 'now').mockImplementation(() => now() + 30_000);
  try {
    return await copy();
  } finally {
    spy.mockRestore();
  }
}
