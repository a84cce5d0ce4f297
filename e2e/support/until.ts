const POLL_MS = 200;

/** Asks again until it is so. */
export async function until(what: string, isSo: () => Promise<boolean>, timeoutMs = 90_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await isSo()); await pause())
    if (Date.now() > end) throw new Error(`not after ${timeoutMs / 1000} s: ${what}`);
}

/** Tries again until it succeeds. @returns what came of it; after the time the error of the last attempt is thrown */
export async function untilDone<T>(attempt: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; await pause()) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
