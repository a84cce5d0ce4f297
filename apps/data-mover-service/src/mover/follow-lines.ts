import { setTimeout as sleep } from 'node:timers/promises';
import { GODWIT_NAMESPACE } from '@godwit/contracts/labels';
import { MoverLine } from '@godwit/contracts/mover-protocol';
import type { KubeClient } from '@godwit/kube/kube-client';
import { followLog } from '@godwit/kube/pod-log';
import { MOVER_CONTAINER } from './mover-manifests.ts';
import type { MoverObserver } from './run-mover.ts';

const RESTART_MS = 500;

/**
 * Hands on what the mover says, each line once, also when its log has to be followed again. Never throws: the pod's state decides, its
 * log only tells.
 * @param ended aborted when the mover has ended: what it says from then on is all
 */
export async function followLines(
  client: KubeClient,
  pod: string,
  observer: Pick<MoverObserver, 'onProgress' | 'onWarning'>,
  ended: AbortSignal,
  signal: AbortSignal,
): Promise<void> {
  const heard = new HeardLines();
  while (!signal.aborted) {
    const isLast = ended.aborted;
    try {
      heard.startAgain();
      for await (const { at, text } of followLog(client, GODWIT_NAMESPACE, pod, MOVER_CONTAINER, heard.last, signal)) {
        if (heard.isNew(at)) handOn(text, observer);
      }
      if (isLast) return;
    } catch {
      // followed again
    }
    await sleep(RESTART_MS, undefined, { signal: isLast ? signal : AbortSignal.any([signal, ended]) }).catch(() => {});
  }
}

/**
 * Tells which lines of a log that is followed again are new. By their times and not by their number: of a rotated log the first lines are
 * gone. Lines of the same time are counted.
 */
class HeardLines {
  /** Time of the line that came last, nanoseconds since 1970. */
  last: bigint | undefined;
  /** Lines of that time. */
  private count = 0;
  private toSkip = 0;
  private isCaughtUp = true;

  startAgain(): void {
    this.toSkip = this.count;
    this.isCaughtUp = this.last === undefined;
  }

  isNew(at: bigint): boolean {
    if (!this.isCaughtUp && this.last !== undefined) {
      if (at < this.last) return false;
      if (at === this.last && this.toSkip > 0) {
        this.toSkip -= 1;
        return false;
      }
    }
    // From here on all are new, also when the node's clock was set back.
    this.isCaughtUp = true;
    this.count = at === this.last ? this.count + 1 : 1;
    this.last = at;
    return true;
  }
}

function handOn(line: string, observer: Pick<MoverObserver, 'onProgress' | 'onWarning'>): void {
  let parsed: ReturnType<typeof MoverLine.safeParse>;
  try {
    parsed = MoverLine.safeParse(JSON.parse(line));
  } catch {
    return; // not of the protocol: a crash's stack trace, which explainPod shows
  }
  if (!parsed.success) return;
  if (parsed.data.type === 'progress') observer.onProgress(parsed.data);
  else observer.onWarning(parsed.data);
}
