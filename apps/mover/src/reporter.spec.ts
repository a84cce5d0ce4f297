import type { MoverLine } from '@godwit/contracts/mover-protocol';
import { expect, jest, test } from '@jest/globals';
import { Reporter } from './reporter.ts';

const use = { streams: 2, streamOrder: 1 };
const progress = (bytesDone: number) => ({ bytesDone, filesDone: 0, storedBytes: 0 });

test('progress is printed at once, every second, and at the end', () => {
  jest.useFakeTimers();
  const lines: MoverLine[] = [];
  const reporter = new Reporter(
    (line) => lines.push(line),
    () => use,
  );
  for (let step = 1; step <= 25; step += 1) {
    reporter.onProgress(progress(step));
    jest.advanceTimersByTime(100);
  }
  reporter.end();
  jest.advanceTimersByTime(5000);
  jest.useRealTimers();
  expect(lines.map((line) => 'bytesDone' in line && line.bytesDone)).toEqual([0, 10, 20, 25]);
  expect(lines.at(-1)).toMatchObject(use);
});

test('warnings beyond a hundred are counted only', () => {
  const lines: MoverLine[] = [];
  const reporter = new Reporter(
    (line) => lines.push(line),
    () => use,
  );
  for (let index = 0; index < 250; index += 1) reporter.onWarning({ reason: 'Vanished', path: `${index}`, message: 'gone' });
  reporter.end();
  expect(lines.filter(({ type }) => type === 'warning')).toHaveLength(100);
  expect(reporter.warnings).toBe(250);
});
