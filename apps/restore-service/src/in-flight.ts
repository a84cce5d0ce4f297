/**
 * Does `work` on each item with at most `limit` at once; items are taken only as work goes on, so a stream of any length needs no
 * more memory than what is in flight. After a first error no further item is begun; those in flight are waited for, so that
 * nothing goes on behind the caller's back.
 */
export async function eachInFlight<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    try {
      for (let next = await rest.next(); !failed && !next.done; next = await rest.next()) await work(next.value);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: limit }, lane));
  const failure = lanes.find((end) => end.status === 'rejected');
  if (!failure) return;
  await rest.return?.();
  throw failure.reason;
}
