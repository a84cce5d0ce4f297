import type { Figures } from './results.ts';

/** @returns the middle value, or the mean of the two in the middle */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @returns the median of each figure on its own, rounded to what can be told apart */
export function medians(samples: readonly Figures[]): Figures {
  const of = (name: keyof Figures, digits: number) => Number(median(samples.map((sample) => sample[name])).toFixed(digits));
  return {
    seconds: of('seconds', 3),
    cpuSeconds: of('cpuSeconds', 2),
    peakMb: of('peakMb', 1),
    storedMb: of('storedMb', 2),
    transferredMb: of('transferredMb', 2),
    requests: of('requests', 0),
  };
}

/** @returns what two phases take one after the other */
export function inTurn(first: Figures, second: Figures): Figures {
  return {
    seconds: Number((first.seconds + second.seconds).toFixed(3)),
    cpuSeconds: Number((first.cpuSeconds + second.cpuSeconds).toFixed(2)),
    peakMb: Math.max(first.peakMb, second.peakMb),
    storedMb: second.storedMb,
    transferredMb: Number((first.transferredMb + second.transferredMb).toFixed(2)),
    requests: first.requests + second.requests,
  };
}
