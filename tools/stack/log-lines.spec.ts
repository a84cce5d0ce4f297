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

test('shows a request as what was asked and answered', () => {
  const req = { id: 1, method: 'POST', url: '/api/runs', headers: { host: 'x' } };
  const done = JSON.stringify({ level: 30, time: 0, req, res: { statusCode: 201 }, responseTime: 12, msg: 'request completed' });
  expect(format('job-service', done)).toMatch(/ INFO: POST \/api\/runs 201 in 12 ms$/);
  const within = JSON.stringify({ level: 40, time: 0, req, msg: 'the cluster is slow', cluster: 'source' });
  expect(format('job-service', within)).toMatch(/ WARN: POST \/api\/runs: the cluster is slow \{"cluster":"source"\}$/);
});

test('leaves out what Nest has wired up, but no warning of it', () => {
  const line = (level: number) =>
    JSON.stringify({ level, time: 0, context: 'InstanceLoader', msg: 'AppModule dependencies initialized' });
  expect(format('job-service', line(30))).toBeUndefined();
  expect(format('job-service', line(40))).toContain('AppModule');
});

test('leaves what only looks like JSON as it is', () => {
  expect(format('godwit', '{ not json')).toBe('godwit      | { not json');
});

test('colours the source where colours are wanted', () => {
  expect(lineFormatter(['godwit'], true)('godwit', 'ready')).toBe('\u001b[36mgodwit |\u001b[0m ready');
});
