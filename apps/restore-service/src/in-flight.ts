/**
 * Does `work` on each item with at most `limit` at once. After a first error no further item is begun; those in flight are
 * waited for, so that nothing goes on behind the caller's back.
 */
export async function eachInFlight<T>(items: Iterable<T>, limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    for (let next = rest.next(); !failed && !next.done; next = rest.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: limit }, lane));
  const failure = lanes.find((end) => end.status === 'rejected');
  if (failure) throw failure.reason;
}
