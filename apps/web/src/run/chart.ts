import type { ThroughputPoint } from '@godwit/contracts/run';

export const WIDTH = 600;
export const HEIGHT = 120;

export interface Chart {
  /** Points of the lines, in the coordinates of WIDTH and HEIGHT. */
  copy: string;
  restore: string;
  /** Bytes per second at the top. */
  highest: number;
  /** From the first point to the last. */
  seconds: number;
}

/** @returns two lines over time; undefined while there is nothing to draw */
export function chartOf(points: readonly ThroughputPoint[]): Chart | undefined {
  const [first, last] = [points[0], points.at(-1)];
  const highest = Math.max(...points.flatMap(({ copyRate, restoreRate }) => [copyRate, restoreRate]), 0);
  if (!first || !last || first === last || highest === 0) return undefined;
  const from = Date.parse(first.at);
  const span = Date.parse(last.at) - from || 1;
  const lineOf = (rateOf: (point: ThroughputPoint) => number) =>
    points
      .map((point) => {
        const x = ((Date.parse(point.at) - from) / span) * WIDTH;
        return `${x.toFixed(1)},${(HEIGHT - (rateOf(point) / highest) * HEIGHT).toFixed(1)}`;
      })
      .join(' ');
  return {
    copy: lineOf(({ copyRate }) => copyRate),
    restore: lineOf(({ restoreRate }) => restoreRate),
    highest,
    seconds: span / 1000,
  };
}
