import { expect, test } from '@jest/globals';
import { runTotals, totalsOf, type VolumeTransfer } from './transfer-totals.ts';

const GIB = 2 ** 30;
const finishedAt = '2026-11-27T10:00:00.000Z';

function progress(done: number, total?: number, finished = false) {
  return {
    bytesDone: done,
    filesDone: done / 10,
    storedBytes: done,
    ...(total === undefined ? {} : { bytesTotal: total, filesTotal: total / 10 }),
    ...(finished ? { finishedAt } : {}),
  };
}

test('all volumes count, also those that wait for their turn: with what is in them, as far as that is known', () => {
  const volumes: VolumeTransfer[] = [
    { capacityBytes: 1000, copy: progress(200, 200, true), restore: progress(150, 200) },
    { capacityBytes: 1000, copy: progress(100, 400), restore: progress(50) },
    { capacityBytes: 2000 },
    { capacityBytes: 9 * GIB, skipReason: 'excluded' },
  ];
  // Three tenths of what is known is full, so the third is taken to be as full.
  expect(totalsOf(volumes, 'copy', 10)).toEqual({
    bytesDone: 300,
    bytesTotal: 200 + 400 + 600,
    estimated: true,
    filesDone: 30,
    rate: 10,
    etaSeconds: 90,
  });
  expect(totalsOf(volumes, 'restore')).toEqual({ bytesDone: 200, bytesTotal: 1200, estimated: true, filesDone: 20 });
});

test('a time is told when something is known of what there is, and a rate', () => {
  expect(totalsOf([{ capacityBytes: 5 * GIB }, { capacityBytes: GIB, copy: progress(7) }], 'copy', 10)).toEqual({
    bytesDone: 7,
    bytesTotal: 6 * GIB,
    estimated: true,
    filesDone: 0.7,
    rate: 10,
  });
});

test('what is done is done: no rate, no time left, and the whole is what was moved', () => {
  const volumes: VolumeTransfer[] = [
    { capacityBytes: GIB, copy: progress(300, 350, true), restore: progress(300, 300, true) },
    { capacityBytes: 0, copy: progress(0, 0, true), restore: progress(0, 0, true) },
  ];
  const totals = { bytesDone: 300, bytesTotal: 300, estimated: false, filesDone: 30, etaSeconds: 0 };
  expect(totalsOf(volumes, 'restore', 5)).toEqual({ ...totals, filesTotal: 30 });
  expect(totalsOf(volumes, 'copy')).toEqual({ ...totals, filesTotal: 35 });
});

test('a volume that holds more than its capacity says is never over its whole', () => {
  expect(totalsOf([{ capacityBytes: 10, copy: progress(30) }], 'copy')).toMatchObject({ bytesDone: 30, bytesTotal: 30 });
});

test('a run without data has no totals', () => {
  expect(totalsOf([], 'copy')).toBeUndefined();
  expect(totalsOf([{ capacityBytes: 1, skipReason: 'empty' }], 'copy', 1)).toBeUndefined();
});

test('a run is as far as its restores, and takes as long as the slower side', () => {
  const copy = { bytesDone: 50, bytesTotal: 100, estimated: false, filesDone: 0, rate: 1, etaSeconds: 50 };
  const restore = { bytesDone: 40, bytesTotal: 100, estimated: false, filesDone: 0, rate: 2, etaSeconds: 30 };
  expect(runTotals(copy, restore)).toEqual({ ...restore, etaSeconds: 50 });
  expect(runTotals({ ...copy, bytesDone: 100, etaSeconds: 0 }, restore)).toEqual(restore);
  const { etaSeconds: _eta, ...unknown } = copy;
  expect(runTotals(unknown, restore)).not.toHaveProperty('etaSeconds');
  expect(runTotals(undefined, undefined)).toBeUndefined();
  expect(runTotals(copy, undefined)).toEqual(copy);
});
