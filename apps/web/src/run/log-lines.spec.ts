import type { RunEventView } from '@godwit/contracts/api';
import { expect, test } from '@jest/globals';
import { appendLines, EMPTY_LOG, linesFrom } from './log-lines.ts';

const line = (id: number, more: Partial<RunEventView> = {}): RunEventView => ({
  id: String(id),
  at: '2026-03-01T12:00:00.000Z',
  level: 'info',
  message: `line ${id}`,
  ...more,
});
const ids = (lines: readonly RunEventView[]) => lines.map(({ id }) => id);

test('lines that come again after a lost connection are shown once', () => {
  const log = appendLines(appendLines(EMPTY_LOG, [line(8), line(9)]), [line(9), line(10), line(10)]);
  expect(ids(log.lines)).toEqual(['8', '9', '10']);
  expect(appendLines(log, [line(10)])).toBe(log);
});

test('a long log keeps its latest lines and all its findings', () => {
  const finding = { severity: 'warning', reason: 'HostPath', message: 'uses a hostPath volume' };
  const many = Array.from({ length: 6000 }, (_, index) => line(index + 1, index === 0 ? { data: finding } : {}));
  const log = appendLines(EMPTY_LOG, many);
  expect([log.lines.length, log.dropped, log.lines[0]?.id]).toEqual([2000, 4000, '4001']);
  expect(log.findings).toEqual([finding]);
});

test('findings come once, errors first, without notes and without data of other kinds', () => {
  const warning = { severity: 'warning', reason: 'A', message: 'a' };
  const error = { severity: 'error', reason: 'B', message: 'b', cure: 'do c' };
  const note = { severity: 'note', reason: 'C', message: 'c' };
  const data = [warning, note, error, warning, { other: 1 }, undefined];
  expect(
    appendLines(
      EMPTY_LOG,
      data.map((each, index) => line(index + 1, { data: each })),
    ).findings,
  ).toEqual([error, warning]);
});

test('the filter shows a level and those above it', () => {
  const lines = [line(1), line(2, { level: 'warning' }), line(3, { level: 'error' })];
  expect(ids(linesFrom(lines, 'info'))).toEqual(['1', '2', '3']);
  expect(ids(linesFrom(lines, 'warning'))).toEqual(['2', '3']);
  expect(ids(linesFrom(lines, 'error'))).toEqual(['3']);
});
