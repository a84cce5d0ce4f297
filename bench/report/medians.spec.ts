import { expect, test } from '@jest/globals';
import { inTurn, median, medians } from './medians.ts';

const figures = { seconds: 1, cpuSeconds: 2, peakMb: 30, storedMb: 4, sentMb: 5, receivedMb: 7, requests: 6 };

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect([median([9, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
});

test('each figure has its own median', () => {
  const runs = [
    { ...figures, seconds: 3, peakMb: 10 },
    { ...figures, seconds: 1.00049, peakMb: 30 },
    { ...figures, seconds: 0.5, peakMb: 20 },
  ];
  expect(medians(runs)).toEqual({ ...figures, seconds: 1, peakMb: 20 });
});

test('in turn, times and requests add up; the peak is the higher and what is stored that of the end', () => {
  const after = { seconds: 10, cpuSeconds: 20, peakMb: 3, storedMb: 40, sentMb: 50, receivedMb: 70, requests: 60 };
  expect(inTurn(figures, after)).toEqual({
    seconds: 11,
    cpuSeconds: 22,
    peakMb: 30,
    storedMb: 40,
    sentMb: 55,
    receivedMb: 77,
    requests: 66,
  });
});
