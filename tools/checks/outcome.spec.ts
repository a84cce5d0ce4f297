import { expect, test } from '@jest/globals';
import { countCargo, countJest, countPlaywright, summarise } from './outcome.ts';

const report = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 };

test('counts what passed', () => {
  expect(countJest(report, 0)).toEqual({ passed: 7, failed: 0 });
});

test('counts failed tests, skipped ones and files that could not be run as failed', () => {
  const bad = { ...report, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, numRuntimeErrorTestSuites: 3 };
  expect(countJest(bad, 1)).toEqual({ passed: 7, failed: 7 });
});

test('counts a run without a report, without tests, or with a bad end as one failure', () => {
  expect(countJest(undefined, 1)).toEqual({ passed: 0, failed: 1 });
  expect(countJest({ ...report, numPassedTests: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  expect(countJest(report, 1)).toEqual({ passed: 7, failed: 1 });
});

test('adds up what cargo says of each program; an ignored test failed, and so did a run that did not come to its tests', () => {
  const library = 'test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n';
  const bad = 'test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n';
  expect(countCargo(library, 0)).toEqual({ passed: 12, failed: 0 });
  expect(countCargo(`running 12 tests\n${library}\n${bad}`, 101)).toEqual({ passed: 14, failed: 2 });
  expect(countCargo(library, 101)).toEqual({ passed: 12, failed: 1 });
  expect(countCargo('', 101)).toEqual({ passed: 0, failed: 1 });
});

test('counts for Playwright what passed at once; all else failed', () => {
  const stats = { expected: 5, unexpected: 0, flaky: 0, skipped: 0 };
  expect(countPlaywright({ stats, errors: [] }, 0)).toEqual({ passed: 5, failed: 0 });
  const bad = { stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 3 }, errors: ['a file that cannot be read'] };
  expect(countPlaywright(bad, 1)).toEqual({ passed: 5, failed: 7 });
  expect(countPlaywright(undefined, 1)).toEqual({ passed: 0, failed: 1 });
  expect(countPlaywright({ stats: { ...stats, expected: 0 }, errors: [] }, 0)).toEqual({ passed: 0, failed: 1 });
});

test('ends with the totals alone on a line', () => {
  const summary = summarise([
    { part: 'lint', passed: 1, failed: 0, seconds: 0.44 },
    { part: 'integration', passed: 120, failed: 3, seconds: 61 },
  ]);
  expect(summary.split('\n')).toEqual([
    'part         passed  failed    time',
    'lint              1       0   0.4 s',
    'integration     120       3  61.0 s',
    '',
    '121 passed, 3 failed',
  ]);
});
