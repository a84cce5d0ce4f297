import { stripVTControlCharacters } from 'node:util';

/** Of one part, or of a piece of it. */
export interface Count {
  passed: number;
  failed: number;
  /** Those of `failed` that have a name. */
  failures?: readonly Failure[];
}

export interface Failure {
  /** The file, and the test in it as its runner shows it. */
  test: string;
  message: string;
}

/** What one part of the checks came to. */
export interface Outcome extends Count {
  part: string;
  seconds: number;
}

/** The part of Jest's `--json` report that counts. */
export interface JestReport {
  testResults: readonly {
    name: string;
    status: string;
    /** Of a file that could not be run at all. */
    message: string;
    assertionResults: readonly { fullName: string; status: string; failureMessages: readonly string[] | null }[];
  }[];
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not be run at all, whose tests nobody could count. */
  numRuntimeErrorTestSuites: number;
}

/**
 * @returns the numbers of a Jest run. A test that was skipped or is still to be written did not pass, so it failed;
 * and a run that ended badly without any failed test (no tests found, a crash) counts as one.
 */
export function countJest(report: JestReport | undefined, exitCode: number): Count {
  const passed = report?.numPassedTests ?? 0;
  const failed = report
    ? report.numFailedTests + report.numPendingTests + report.numTodoTests + report.numRuntimeErrorTestSuites
    : 0;
  return { passed, failed: withBadEnd(passed, failed, exitCode), failures: report?.testResults.flatMap(failuresOfJest) ?? [] };
}

function failuresOfJest({ name, status, message, assertionResults }: JestReport['testResults'][number]): Failure[] {
  if (status === 'failed' && assertionResults.length === 0) return [{ test: name, message }];
  return assertionResults
    .filter((test) => test.status !== 'passed')
    .map((test) => ({ test: `${name} › ${test.fullName}`, message: test.failureMessages?.[0] ?? test.status }));
}

/** The part of Playwright's JSON report that counts. */
export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  suites: readonly PlaywrightSuite[];
  /** Of files that could not be run at all. */
  errors: readonly { message?: string }[];
}

interface PlaywrightSuite {
  file: string;
  specs: readonly {
    title: string;
    tests: readonly { status: string; results: readonly { errors: readonly { message?: string }[] }[] }[];
  }[];
  suites?: readonly PlaywrightSuite[];
}

/** @returns the numbers of a run of Playwright. What passed only when it was tried again failed; else the same holds as for Jest. */
export function countPlaywright(report: PlaywrightReport | undefined, exitCode: number): Count {
  const passed = report?.stats.expected ?? 0;
  const failed = report ? report.stats.unexpected + report.stats.flaky + report.stats.skipped + report.errors.length : 0;
  const failures = [
    ...(report?.errors ?? []).map(({ message }) => ({ test: 'a file that could not be run', message: message ?? '' })),
    ...(report?.suites ?? []).flatMap(failuresOfPlaywright),
  ];
  return { passed, failed: withBadEnd(passed, failed, exitCode), failures };
}

function failuresOfPlaywright({ file, specs, suites }: PlaywrightSuite): Failure[] {
  const own = specs.flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status !== 'expected')
      .map(({ status, results }) => ({
        test: `${file} › ${title}`,
        message: results.flatMap(({ errors }) => errors.map((error) => error.message ?? '')).join('\n') || status,
      })),
  );
  return [...own, ...(suites ?? []).flatMap(failuresOfPlaywright)];
}

/** @returns the numbers of `cargo test`, which tells them for each of its programs. The same holds as for Jest. */
export function countCargo(output: string, exitCode: number): Count {
  const results = [...output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm)];
  const sum = (group: number) => results.reduce((total, result) => total + Number(result[group]), 0);
  const [passed, failed] = [sum(1), sum(2) + sum(3)];
  return { passed, failed: withBadEnd(passed, failed, exitCode) };
}

/** @returns `failed`, or one where nothing failed by name and the run ended badly all the same, or ran no test. */
function withBadEnd(passed: number, failed: number, exitCode: number): number {
  return failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed;
}

/** @returns the counts of two pieces as one. */
export function addCounts(a: Count, b: Count): Count {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...(a.failures ?? []), ...(b.failures ?? [])],
  };
}

/** Of a failure's message; the whole stands where the test ran. */
const SHOWN_LINES = 12;

/** @returns what failed by name, as the end of a log of thousands of lines tells it; empty when nothing did. */
export function tellFailures(outcomes: readonly Outcome[]): string {
  return outcomes
    .flatMap(({ part, failures = [] }) => failures.map((failure) => ({ part, ...failure })))
    .map(({ part, test, message }) => {
      const lines = stripVTControlCharacters(message).trim().split('\n').slice(0, SHOWN_LINES);
      return [`FAILED ${part}: ${test}`, ...lines.map((line) => `  ${line}`)].join('\n');
    })
    .join('\n\n');
}

/** @returns a table of the parts and, as its last line, `N passed, N failed`. */
export function summarise(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ part, passed, failed, seconds }) => [
    part,
    String(passed),
    String(failed),
    `${seconds.toFixed(1)} s`,
  ]);
  const table = [['part', 'passed', 'failed', 'time'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  const total = (key: 'passed' | 'failed') => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  return [...lines, '', `${total('passed')} passed, ${total('failed')} failed`].join('\n');
}
