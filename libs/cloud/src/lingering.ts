/**
 * For requests that make something: the provider goes on with what it was asked for, whether anybody hears of it or not, and who
 * looks for it a moment later, to delete it, would find nothing yet. So their answer is waited for a while after all else has ended.
 *
 * @param ms how much later than the signal the returned one ends
 * @throws the signal's reason if it has ended already: then nothing is to be begun
 */
export function lingering(signal: AbortSignal, ms: number): AbortSignal {
  signal.throwIfAborted();
  const controller = new AbortController();
  signal.addEventListener('abort', () => void setTimeout(() => controller.abort(signal.reason), ms).unref(), { once: true });
  return controller.signal;
}
