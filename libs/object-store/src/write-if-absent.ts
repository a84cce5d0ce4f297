import { ObjectExistsError } from './object-errors.ts';
import { isNotImplemented, isPreconditionFailed, isUnanswered } from './read-thrown.ts';

/** Where one object is to be written, and how to see whether it is there. */
export interface NewObject {
  key: string;
  /** Writes it, on this condition if there is one. */
  write(condition: { IfNoneMatch?: '*' }): Promise<void>;
  exists(): Promise<boolean>;
}

/**
 * One attempt after the other of a write. After one whose fate is unclear the next looks first: a server that refuses what it has already
 * may close the connection before its answer is read, as often as it is asked.
 * @returns what sends the next attempt; it throws ObjectExistsError when it found the object
 */
export function lookingFirst(key: string, isSeen: () => Promise<boolean>, send: () => Promise<void>): () => Promise<void> {
  let isUnclear = false;
  return async () => {
    if (isUnclear && (await isSeen())) throw new ObjectExistsError(key);
    try {
      await send();
    } catch (error) {
      isUnclear ||= isUnanswered(error);
      throw error;
    }
  };
}

/** Writes that never overwrite, also on a server that knows no conditional writes; that it does not is asked only once. */
export class WriteIfAbsent {
  #isKnown = true;

  /**
   * A write that succeeded although its answer was lost finds its own object when it is repeated: the caller, who knows what it
   * wrote, tells that from another's.
   * @throws ObjectExistsError
   */
  async write({ key, write, exists }: NewObject): Promise<void> {
    if (this.#isKnown) {
      try {
        await write({ IfNoneMatch: '*' });
        return;
      } catch (error) {
        if (isPreconditionFailed(error)) throw new ObjectExistsError(key);
        if (!isNotImplemented(error)) throw error;
        this.#isKnown = false;
      }
    }
    // Looking first is the best there is.
    if (await exists()) throw new ObjectExistsError(key);
    await write({});
  }
}
