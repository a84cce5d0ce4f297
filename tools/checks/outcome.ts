import { stripVTControlCharacters } from 'node:util';

/** Of one part, or of a piece of it. */
export interface Count {
  passed: number;
  failed: number;
  /** Those of `failed` that have a name. */
  failures?: readonly Failure[];
  /** Those of `passed` that failed at first, and passed when they were run again. */
  unstable?: readonly Failure[];
}

/** So many may be the machine's fault; of more, all have failed. docs/decisions/2026-11-28-unstable-tests.md */
const MOST_UNSTABLE = 3;

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

/** @returns the files to be run again; none if they are so many that it is no accident */
export function worthASecondRun(report: JestReport | undefined): readonly string[] {
  const files = (report?.testResults ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name);
  return files.length > MOST_UNSTABLE ? [] : files;
}

/** @returns the numbers of a run whose failed files were run again, by what they came to then */
export function countSecondRun(first: JestReport, second: JestReport | undefined, exitCode: number): Count {
  const stands = first.testResults.filter(({ status }) => status !== 'failed');
  const tests = stands.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const again = countJest(second, exitCode);
  const failures = [...stands.flatMap(failuresOfJest), ...(again.failures ?? [])];
  const failedTwice = new Set(failures.map(({ test }) => test));
  const unstable = again.failed > 0 && again.failures?.length === 0 ? [] : first.testResults.flatMap(failuresOfJest);
  return {
    passed: passed + again.passed,
    failed: tests.length - passed + again.failed,
    failures,
    unstable: unstable.filter(({ test }) => !failedTwice.has(test)),
  };
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

/** @returns the numbers of a run of Playwright, which tries again by itself. The same holds as for Jest. */
export function countPlaywright(report: PlaywrightReport | undefined, exitCode: number): Count {
  if (!report) return { passed: 0, failed: withBadEnd(0, 0, exitCode), failures: [] };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const isAccident = flaky <= MOST_UNSTABLE;
  const passed = expected + (isAccident ? flaky : 0);
  const failed = unexpected + skipped + report.errors.length + (isAccident ? 0 : flaky);
  const told = report.suites.flatMap(failuresOfPlaywright);
  const isUnstable = ({ status }: { status: string }) => isAccident && status === 'flaky';
  const failures = [
    ...report.errors.map(({ message }) => ({ test: 'a file that could not be run', message: message ?? '' })),
    ...told.filter((failure) => !isUnstable(failure)).map(named),
  ];
  return { passed, failed: withBadEnd(passed, failed, exitCode), failures, unstable: told.filter(isUnstable).map(named) };
}

function named({ test, message }: Failure): Failure {
  return { test, message };
}

function failuresOfPlaywright({ file, specs, suites }: PlaywrightSuite): (Failure & { status: string })[] {
  const own = specs.flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status !== 'expected')
      .map(({ status, results }) => ({
        test: `${file} › ${title}`,
        message: results.flatMap(({ errors }) => errors.map((error) => error.message ?? '')).join('\n') || status,
        status,
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
    unstable: [...(a.unstable ?? []), ...(b.unstable ?? [])],
  };
}

/** Of a failure's message; the whole stands where the test ran. */
const SHOWN_LINES = 12;

/** @returns what failed by name, as the end of a log of thousands of lines tells it; empty when nothing did. */
export function tellFailures(outcomes: readonly Outcome[]): string {
  const tell = (word: string, part: string, { test, message }: Failure) => {
    const lines = stripVTControlCharacters(message).trim().split('\n').slice(0, SHOWN_LINES);
    return [`${word} ${part}: ${test}`, ...lines.map((line) => `  ${line}`)].join('\n');
  };
  return outcomes
    .flatMap(({ part, failures = [], unstable = [] }) => [
      ...unstable.map((failure) => tell('UNSTABLE (failed, and passed when it was run again)', part, failure)),
      ...failures.map((failure) => tell('FAILED', part, failure)),
    ])
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
