/**
 * Runs work beside which other work goes on (packs that are fetched ahead, uploads): all of it ends with it, however it ends.
 * @param outer what stops it from outside; its reason is what is thrown then, whatever the work met
 */
export async function withOwnSignal<T>(outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const own = new AbortController();
  try {
    return await work(outer ? AbortSignal.any([outer, own.signal]) : own.signal);
  } catch (error) {
    outer?.throwIfAborted();
    throw error;
  } finally {
    own.abort();
  }
}
