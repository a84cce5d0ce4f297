import { expect, test } from '@jest/globals';
import { describeTransfer, secondsLeft } from './transfer.ts';

const MIB = 1024 ** 2;
const half = { bytesDone: 50 * MIB, bytesTotal: 100 * MIB, filesDone: 1, storedBytes: 20 * MIB };

test('what is left is told only when the rate and the total are known', () => {
  expect(secondsLeft({ ...half, rate: 5 * MIB })).toBe(10);
  expect(secondsLeft({ ...half, rate: 0 })).toBeUndefined();
  expect(secondsLeft(half)).toBeUndefined();
  expect(secondsLeft({ ...half, bytesTotal: undefined, rate: 5 * MIB })).toBeUndefined();
  expect(secondsLeft({ ...half, bytesTotal: 1024 ** 5, rate: 1 })).toBeUndefined();
  expect(secondsLeft({ ...half, bytesDone: 120 * MIB, rate: MIB })).toBe(0);
});

test('a transfer is described as far as it is known', () => {
  expect(describeTransfer({ ...half, rate: 5 * MIB })).toBe('50 MiB of 100 MiB, 5 MiB/s, 10 s left');
  expect(describeTransfer({ ...half, rate: 5 * MIB, streams: 3 })).toBe('50 MiB of 100 MiB, 5 MiB/s in 3 streams, 10 s left');
  expect(describeTransfer({ ...half, rate: 5 * MIB, streams: 1 })).toBe('50 MiB of 100 MiB, 5 MiB/s in 1 stream, 10 s left');
  expect(describeTransfer(half)).toBe('50 MiB of 100 MiB');
  expect(describeTransfer({ ...half, bytesTotal: undefined, rate: MIB })).toBe('50 MiB, 1 MiB/s');
  expect(describeTransfer({ ...half, rate: MIB, finishedAt: '2026-03-01T12:00:00Z' })).toBe('50 MiB');
});
