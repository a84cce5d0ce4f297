import { expect, test } from '@jest/globals';
import { addCounts, countCargo, countJest, countPlaywright, summarise, tellFailures } from './outcome.ts';

const report = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};

test('counts what passed', () => {
  expect(countJest(report, 0)).toMatchObject({ passed: 7, failed: 0 });
});

test('counts failed tests, skipped ones and files that could not be run as failed', () => {
  const bad = { ...report, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, numRuntimeErrorTestSuites: 3 };
  expect(countJest(bad, 1)).toMatchObject({ passed: 7, failed: 7 });
});

test('counts a run without a report, without tests, or with a bad end as one failure', () => {
  expect(countJest(undefined, 1)).toMatchObject({ passed: 0, failed: 1 });
  expect(countJest({ ...report, numPassedTests: 0 }, 0)).toMatchObject({ passed: 0, failed: 1 });
  expect(countJest(report, 1)).toMatchObject({ passed: 7, failed: 1 });
});

test('adds up what cargo says of each program; an ignored test failed, and so did a run that did not come to its tests', () => {
  const library = 'test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n';
  const bad = 'test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n';
  expect(countCargo(library, 0)).toEqual({ passed: 12, failed: 0 });
  expect(countCargo(`running 12 tests\n${library}\n${bad}`, 101)).toEqual({ passed: 14, failed: 2 });
  expect(countCargo(library, 101)).toEqual({ passed: 12, failed: 1 });
  expect(countCargo('', 101)).toMatchObject({ passed: 0, failed: 1 });
});

test('counts for Playwright what passed at once; all else failed', () => {
  const stats = { expected: 5, unexpected: 0, flaky: 0, skipped: 0 };
  expect(countPlaywright({ stats, suites: [], errors: [] }, 0)).toMatchObject({ passed: 5, failed: 0 });
  const bad = {
    stats: { expected: 5, unexpected: 1, flaky: 2, skipped: 3 },
    suites: [],
    errors: [{ message: 'cannot be read' }],
  };
  expect(countPlaywright(bad, 1)).toMatchObject({ passed: 5, failed: 7 });
  expect(countPlaywright(undefined, 1)).toMatchObject({ passed: 0, failed: 1 });
  expect(countPlaywright({ stats: { ...stats, expected: 0 }, suites: [], errors: [] }, 0)).toMatchObject({
    passed: 0,
    failed: 1,
  });
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

test('names what failed in Jest: tests, skipped ones and files that could not be run', () => {
  const passed = { fullName: 'adds', status: 'passed', failureMessages: [] };
  const wrong = { fullName: 'divides', status: 'failed', failureMessages: ['\u001b[31mexpected 2\u001b[39m\n    at divide'] };
  const skipped = { fullName: 'rounds', status: 'pending', failureMessages: null };
  const testResults = [
    { name: 'sums.spec.ts', status: 'failed', message: 'long', assertionResults: [passed, wrong, skipped] },
    { name: 'broken.spec.ts', status: 'failed', message: 'cannot find module', assertionResults: [] },
  ];
  const count = countJest({ ...report, numFailedTests: 1, numPendingTests: 1, numRuntimeErrorTestSuites: 1, testResults }, 1);
  expect(tellFailures([{ part: 'unit', seconds: 1, ...count }])).toBe(
    [
      'FAILED unit: sums.spec.ts › divides',
      '  expected 2',
      '      at divide',
      '',
      'FAILED unit: sums.spec.ts › rounds',
      '  pending',
      '',
      'FAILED unit: broken.spec.ts',
      '  cannot find module',
    ].join('\n'),
  );
});

test('names what failed in Playwright, in groups too, and shows a long message by its beginning', () => {
  const failed = (title: string, status: string, messages: string[]) => ({
    title,
    tests: [{ status, results: [{ errors: messages.map((message) => ({ message })) }] }],
  });
  const long = Array.from({ length: 40 }, (_, line) => `line ${line + 1}`).join('\n');
  const inner = { file: 'runs.browser.ts', specs: [failed('scrolls', 'unexpected', [long])] };
  const suite = {
    file: 'runs.browser.ts',
    specs: [failed('opens', 'expected', []), failed('waits', 'skipped', [])],
    suites: [inner],
  };
  const count = countPlaywright({ stats: { expected: 1, unexpected: 1, flaky: 0, skipped: 1 }, suites: [suite], errors: [] }, 1);
  const told = tellFailures([{ part: 'web', seconds: 1, ...count }]);
  expect(told).toContain('FAILED web: runs.browser.ts › waits\n  skipped');
  expect(told).toContain('FAILED web: runs.browser.ts › scrolls\n  line 1\n');
  expect(told).toContain('  line 12');
  expect(told).not.toContain('line 13');
});

test('adds two counts with what failed in both, and tells nothing when nothing failed', () => {
  const failure = { test: 'a.spec.ts › adds', message: 'no' };
  expect(addCounts({ passed: 1, failed: 1, failures: [failure] }, { passed: 2, failed: 0 })).toEqual({
    passed: 3,
    failed: 1,
    failures: [failure],
  });
  expect(tellFailures([{ part: 'lint', passed: 1, failed: 0, seconds: 1 }])).toBe('');
});
