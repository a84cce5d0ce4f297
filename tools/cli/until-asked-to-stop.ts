/** One key press may arrive more than once: from the terminal and from each parent that passes it on. */
const SAME_REQUEST_MS = 1_000;

/**
 * Waits for the first Ctrl-C or SIGTERM, or for the end of the parent that started us (`tools/bootstrap.mjs`).
 * From then on a second request ends the process at once, and with it, by the kernel, all that it runs.
 */
export function untilAskedToStop(): Promise<string> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const ask = (reason: string) => {
      if (first === undefined) {
        first = Date.now();
        resolve(reason);
      } else if (Date.now() - first > SAME_REQUEST_MS) {
        process.exit(130);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal));
    process.once('disconnect', () => ask('the parent process ended'));
    // The channel to the parent only tells of its end; it must not keep us running.
    process.channel?.unref();
  });
}
