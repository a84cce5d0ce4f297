import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again until it does not throw. @throws what `look` throws still after the time */
export async function eventually(look: () => Promise<unknown>, timeoutMs = 15_000): Promise<void> {
  for (const giveUp = Date.now() + timeoutMs; ; await sleep(100)) {
    try {
      await look();
      return;
    } catch (error) {
      if (Date.now() > giveUp) throw error;
    }
  }
}
