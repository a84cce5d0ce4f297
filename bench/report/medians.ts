import type { Figures } from './results.ts';

/** @returns the middle value, or the mean of the two in the middle */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Digits behind the point that can be told apart. */
const DIGITS: Record<keyof Figures, number> = {
  seconds: 3,
  cpuSeconds: 2,
  peakMb: 1,
  storedMb: 2,
  sentMb: 2,
  receivedMb: 2,
  requests: 0,
};

export function roundFigures(figures: Figures): Figures {
  return mapFigures((name) => figures[name]);
}

/** @returns the median of each figure on its own */
export function medians(samples: readonly Figures[]): Figures {
  return mapFigures((name) => median(samples.map((sample) => sample[name])));
}

/** @returns what two phases take one after the other */
export function inTurn(first: Figures, second: Figures): Figures {
  const sum = (name: keyof Figures) => first[name] + second[name];
  return mapFigures((name) =>
    name === 'peakMb' ? Math.max(first.peakMb, second.peakMb) : name === 'storedMb' ? second.storedMb : sum(name),
  );
}

function mapFigures(of: (name: keyof Figures) => number): Figures {
  const names = Object.keys(DIGITS) as (keyof Figures)[];
  return Object.fromEntries(names.map((name) => [name, Number(of(name).toFixed(DIGITS[name]))])) as Record<keyof Figures, number>;
}
