import { expect, test } from '@jest/globals';
import { lineFormatter } from './log-lines.ts';

const format = lineFormatter(['godwit', 'job-service'], false);

test('puts the source, padded, before each line', () => {
  expect(format('godwit', 'ready')).toBe('godwit      | ready');
  expect(format('job-service', 'Error: no\n    at x')).toBe('job-service | Error: no\njob-service |     at x');
});

test("makes pino's JSON readable and keeps its fields", () => {
  const line = JSON.stringify({ level: 40, time: 0, pid: 7, hostname: 'h', runId: 'r1', msg: 'the step was retried' });
  const text = format('job-service', line);
  expect(text).toMatch(/^job-service \| \[\d\d:\d\d:\d\d\.\d{3}\] WARN: the step was retried/);
  expect(text).toContain('"runId":"r1"');
  expect(text).not.toContain('hostname');
});

test('leaves what only looks like JSON as it is', () => {
  expect(format('godwit', '{ not json')).toBe('godwit      | { not json');
});

test('colours the source where colours are wanted', () => {
  expect(lineFormatter(['godwit'], true)('godwit', 'ready')).toBe('\u001b[36mgodwit |\u001b[0m ready');
});
