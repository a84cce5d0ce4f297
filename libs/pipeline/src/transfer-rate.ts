import type { ThroughputPoint } from '@godwit/contracts/run';

/** How far a run was at a time: content bytes of all its volumes together, on each side. */
export interface TransferSample {
  at: Date;
  copyBytes: number;
  restoreBytes: number;
}

/** What passed in this time is the rate: long enough that a pack more or less does not show, short enough to follow a change. */
export const RATE_WINDOW_MS = 60_000;
/** Before that it is the start of movers and not the network that is measured. */
const LEAST_SPAN_MS = 10_000;
const LONGEST_ETA_S = 99 * 86_400;

type Bytes = 'copyBytes' | 'restoreBytes';

/**
 * @param samples in the order of their times
 * @returns bytes per second over the minute before the last of them; undefined until enough has been seen, and when nothing moves
 */
export function smoothedRate(samples: readonly TransferSample[], bytes: Bytes): number | undefined {
  const last = samples.at(-1);
  if (!last) return undefined;
  // What passed before the first byte is the start of movers, too.
  const begun = samples.findIndex((sample) => sample[bytes] > 0);
  const moving = samples.slice(Math.max(0, begun - 1));
  const recent = moving.filter(({ at }) => last.at.getTime() - at.getTime() <= RATE_WINDOW_MS);
  const span = last.at.getTime() - (recent[0]?.at.getTime() ?? 0);
  if (span < LEAST_SPAN_MS) return undefined;
  const moved = recent.slice(1).reduce((sum, sample, before) => sum + gain(recent[before]!, sample, bytes), 0);
  return moved > 0 ? (moved / span) * 1000 : undefined;
}

/**
 * @param bytesLeft of all that is still to be moved, what waits for its turn included
 * @returns whole seconds; undefined if nobody can tell, or not within a time that means anything
 */
export function secondsUntilMoved(bytesLeft: number, rate: number | undefined): number | undefined {
  if (bytesLeft <= 0) return 0;
  if (rate === undefined || rate <= 0) return undefined;
  const seconds = Math.ceil(bytesLeft / rate);
  return seconds <= LONGEST_ETA_S ? seconds : undefined;
}

/** The throughput between each two samples, for a chart. */
export function throughputOf(samples: readonly TransferSample[]): ThroughputPoint[] {
  return samples.slice(1).map((sample, before) => {
    const earlier = samples[before]!;
    const seconds = (sample.at.getTime() - earlier.at.getTime()) / 1000;
    const rate = (bytes: Bytes) => (seconds > 0 ? Math.round(gain(earlier, sample, bytes) / seconds) : 0);
    return {
      at: sample.at.toISOString(),
      copyBytes: sample.copyBytes,
      restoreBytes: sample.restoreBytes,
      copyRate: rate('copyBytes'),
      restoreRate: rate('restoreBytes'),
    };
  });
}

/** A transfer that begins again has fewer bytes than before: that is not a gain, and not a loss either. */
function gain(earlier: TransferSample, later: TransferSample, bytes: Bytes): number {
  return Math.max(0, later[bytes] - earlier[bytes]);
}
