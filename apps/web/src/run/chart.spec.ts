import { expect, test } from '@jest/globals';
import { chartOf } from './chart.ts';

const point = (second: number, copyRate: number, restoreRate: number) => ({
  at: new Date(second * 1000).toISOString(),
  copyBytes: 0,
  restoreBytes: 0,
  copyRate,
  restoreRate,
});

test('draws both rates over the time from the first point to the last', () => {
  expect(chartOf([point(0, 0, 0), point(5, 100, 50), point(10, 50, 0)])).toEqual({
    copy: '0.0,120.0 300.0,0.0 600.0,60.0',
    restore: '0.0,120.0 300.0,60.0 600.0,120.0',
    highest: 100,
    seconds: 10,
  });
});

test('draws nothing of nothing, of one point, and where nothing moved', () => {
  expect(chartOf([])).toBeUndefined();
  expect(chartOf([point(0, 5, 5)])).toBeUndefined();
  expect(chartOf([point(0, 0, 0), point(5, 0, 0)])).toBeUndefined();
});
