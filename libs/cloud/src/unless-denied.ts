import type { GodwitError } from '@godwit/contracts/errors';

/**
 * For what a creation does not need to know, as it tells itself.
 *
 * @param explain what an error of the provider means
 * @returns undefined where the account may not ask for it
 * @throws the explained error, or the signal's reason
 */
export async function unlessDenied<T>(
  asked: Promise<T>,
  explain: (error: unknown) => GodwitError,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    signal.throwIfAborted();
    const explained = explain(error);
    if (explained.reason === 'PermissionMissing') return undefined;
    throw explained;
  }
}
