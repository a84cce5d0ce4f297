import type { MoverProgress } from '@godwit/contracts/mover-protocol';
import type { TransferProgress } from '@godwit/contracts/run';

const WINDOW_MS = 8_000;

/** Bytes per second over the last seconds: steady enough to be read, quick enough to follow. */
export class TransferRate {
  private samples: { at: number; bytes: number }[] = [];

  /** @param now milliseconds; of a clock that does not jump */
  add(bytes: number, now: number): void {
    // A mover that starts again counts anew.
    if (bytes < (this.samples.at(-1)?.bytes ?? 0)) this.samples = [];
    this.samples.push({ at: now, bytes });
    while (this.samples.length > 2 && now - this.samples[0]!.at > WINDOW_MS) this.samples.shift();
  }

  /** @returns undefined until two samples are there */
  get bytesPerSecond(): number | undefined {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.at <= first.at) return undefined;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}

/** A mover's line as it is stored. */
export function toTransferProgress(line: MoverProgress, rate: TransferRate, startedAt: string): TransferProgress {
  const { type: _type, streamOrder: _streamOrder, ...progress } = line;
  return { ...progress, rate: rate.bytesPerSecond, startedAt };
}
