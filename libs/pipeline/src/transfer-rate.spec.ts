import { expect, test } from '@jest/globals';
import { secondsUntilMoved, smoothedRate, type TransferSample, throughputOf } from './transfer-rate.ts';

const MB = 1e6;
const EVERY_S = 5;

/** Samples every 5 s of what was moved in between, in MB. */
function samplesOf(moved: readonly number[]): TransferSample[] {
  let bytes = 0;
  return moved.map((megabytes, at) => {
    bytes += megabytes * MB;
    return { at: new Date(at * EVERY_S * 1000), copyBytes: bytes, restoreBytes: bytes };
  });
}

/** Whoever looks at each sample sees these times, until all has passed. */
function etasOf(moved: readonly number[]): (number | undefined)[] {
  const samples = samplesOf(moved);
  const total = samples.at(-1)!.copyBytes;
  return samples.map(({ copyBytes }, at) =>
    secondsUntilMoved(total - copyBytes, smoothedRate(samples.slice(0, at + 1), 'copyBytes')),
  );
}

/** A network of 40 MB/s by packs of 8 MB, whose uploads end by the handful: some samples see none, some many. */
const BURSTS = [0, 0, 120, 320, 96, 304, 200, 200, 0, 400, 136, 264, 200, 80, 320, 200, 208, 192, 0, 400, 304, 96, 200, 200];
/** The same with a stall of 40 s, as of a store that answers 503 for a while. */
const STALL = [...BURSTS.slice(0, 12), 0, 0, 0, 0, 0, 0, 0, 0, ...BURSTS.slice(12)];
/** A limit that is lowered to a quarter on the way. */
const SLOWED = [...Array(16).fill(200), ...Array(40).fill(50)];

test('there is no time before enough was seen, and then always one until the end', () => {
  for (const series of [BURSTS, SLOWED]) {
    const etas = etasOf(series);
    expect(etas.slice(0, 2)).toEqual([undefined, undefined]);
    expect(etas.slice(3).every((eta) => eta !== undefined && Number.isInteger(eta) && eta >= 0)).toBe(true);
    expect(etas.at(-1)).toBe(0);
  }
});

test('bursts make no jumps: the time is near the true one, and moves little between two looks', () => {
  const etas = etasOf(BURSTS);
  for (let at = 6; at < etas.length; at++) {
    const truth = (etas.length - 1 - at) * EVERY_S;
    expect(Math.abs(etas[at]! - truth)).toBeLessThan(30);
    expect(Math.abs(etas[at]! - etas[at - 1]!)).toBeLessThan(25);
  }
});

test('a stall makes it longer bit by bit, and not endless; one of more than a minute has no end that can be told', () => {
  const etas = etasOf(STALL);
  const before = etas[11]!;
  for (const eta of etas.slice(12, 20)) expect(eta! / before).toBeLessThan(5);
  for (let at = 13; at < 20; at++) expect(etas[at]!).toBeGreaterThanOrEqual(etas[at - 1]!);
  expect(etasOf([...BURSTS.slice(0, 12), ...Array(14).fill(0), 1]).at(-2)).toBeUndefined();
});

test('a new rate is followed within a minute', () => {
  const etas = etasOf(SLOWED);
  expect(etas[15]!).toBeLessThan(80); // at 40 MB/s
  expect(etas[16 + 12]).toBe((40 - 13) * EVERY_S);
});

test('a transfer that begins again loses nothing that passed, and never makes a negative rate', () => {
  const samples = samplesOf([0, 100, 100, 100]);
  const again = { at: new Date(20_000), copyBytes: 50 * MB, restoreBytes: 0 };
  expect(smoothedRate([...samples, again], 'copyBytes')).toBe((300 / 20) * MB);
  expect(throughputOf([...samples, again]).at(-1)).toMatchObject({ copyRate: 0, copyBytes: 50 * MB });
});

test.each([
  [0, undefined, 0],
  [-5, 1, 0],
  [100, undefined, undefined],
  [100, 0, undefined],
  [100, Number.NaN, undefined],
  [1e15, 1, undefined],
  [101, 10, 11],
])('%d bytes at %s bytes/s: %s', (bytes, rate, seconds) => {
  expect(secondsUntilMoved(bytes, rate)).toBe(seconds);
});

test('a chart has the rate between each two samples', () => {
  expect(throughputOf(samplesOf([0, 100, 50]))).toEqual([
    { at: new Date(5_000).toISOString(), copyBytes: 100 * MB, restoreBytes: 100 * MB, copyRate: 20 * MB, restoreRate: 20 * MB },
    { at: new Date(10_000).toISOString(), copyBytes: 150 * MB, restoreBytes: 150 * MB, copyRate: 10 * MB, restoreRate: 10 * MB },
  ]);
  expect(throughputOf([])).toEqual([]);
});
